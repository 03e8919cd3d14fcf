// What Boomerang's Continuity plug-in tells of a page over time: timelines, the log of interactions, long tasks, layout shifts.
export { BUCKET_MS, readTimeline } from './timeline.ts';
export { type Interaction, type InteractionKind, readInteractionLog } from './interaction-log.ts';
export { type LongTask, readLongTasks, type TaskAttribution } from './long-tasks.ts';
export {
  type DetailedShift,
  type LayoutShift,
  type MovedElement,
  readDetailedShifts,
  readLayoutShifts,
  type Rectangle,
} from './layout-shifts.ts';
export { CONTINUITY_LISTS, type Lane, LANES, STATE_LANES } from './names.ts';
