// What Boomerang's Errors plug-in tells of JavaScript errors: their number and the first one's place to the loader, all of it to reports.
export { type PageError, readErrorList } from './error-list.ts';
export { type ErrorDetails, type ErrorEvent, readErrorDetails, type StackFrame } from './error-details.ts';
