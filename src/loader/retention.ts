import type { Cursor } from '#journal';
import type { SegmentFacts } from './ports.ts';

/**
 * Which segments may be deleted: sealed, read to the end by everybody, and not changed for `keepMs` (they are kept so that rows
 * can be looked at once more after a restart of the server). With `urgent` (the disk is nearly full) the time is not waited for.
 */
export const removableSegments = (
  segments: readonly SegmentFacts[],
  cursors: readonly Cursor[],
  { now, keepMs, urgent }: { readonly now: number; readonly keepMs: number; readonly urgent: boolean },
): readonly string[] =>
  segments
    .filter(({ sealed, changedAt }) => sealed && (urgent || changedAt + keepMs <= now))
    .filter(({ segment, bytes }) => cursors.every((cursor) => (cursor[segment] ?? 0) >= bytes))
    .map(({ segment }) => segment);
