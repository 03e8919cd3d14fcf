// What Boomerang's EventTiming plug-in tells of slow events: their number and kind to the loader, all of them to reports.
export { readEventDetails, readEventList, type SlowEvent, type SlowEventDetails } from './event-list.ts';
