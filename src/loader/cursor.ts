import type { Cursor, Position } from '#journal';

/** Is this position before the cursor, that is: has a reader at the cursor already read it? */
export const isBefore = (position: Position, cursor: Cursor): boolean =>
  position.offset < (cursor[position.segment] ?? 0);

/** Has a reader at `cursor` read everything that a reader at `other` has read? */
export const covers = (cursor: Cursor, other: Cursor): boolean =>
  Object.entries(other).every(([segment, offset]) => (cursor[segment] ?? 0) >= offset);

/** The cursor of a reader that has read what both have read. */
export const earliest = (a: Cursor, b: Cursor): Cursor =>
  fromSegments([...segmentsOf(a, b)], (segment) => Math.min(a[segment] ?? 0, b[segment] ?? 0));

/** The cursor of a reader that has read what one or the other has read. */
export const latest = (a: Cursor, b: Cursor): Cursor =>
  fromSegments([...segmentsOf(a, b)], (segment) => Math.max(a[segment] ?? 0, b[segment] ?? 0));

/** The same cursor without the segments that no longer exist. */
export const withoutGone = (cursor: Cursor, existing: ReadonlySet<string>): Cursor =>
  fromSegments(
    Object.keys(cursor).filter((segment) => existing.has(segment)),
    (segment) => cursor[segment] ?? 0,
  );

/** Bytes between the cursor and the ends of the segments: what is still to be read. */
export const bytesAfter = (
  cursor: Cursor,
  segments: readonly { readonly segment: string; readonly bytes: number }[],
): number =>
  segments.reduce((sum, { segment, bytes }) => sum + Math.max(0, bytes - (cursor[segment] ?? 0)), 0);

/** The position as a key for sets and maps. */
export const positionKey = ({ segment, offset }: Position): string => `${segment}:${offset}`;

const segmentsOf = (a: Cursor, b: Cursor): Set<string> => new Set([...Object.keys(a), ...Object.keys(b)]);

const fromSegments = (segments: readonly string[], offsetOf: (segment: string) => number): Cursor =>
  Object.fromEntries(segments.map((segment) => [segment, offsetOf(segment)]));
