import type { Cursor, JournalEntry } from '#journal';
import { covers, isBefore } from './cursor.ts';
import type { JournalPort } from './ports.ts';

/** A piece of the journal that was read before. */
export interface Reread {
  readonly entries: readonly JournalEntry[];
  /** How far the reader is now; never beyond the bound. */
  readonly cursor: Cursor;
  /** The bound is reached. */
  readonly complete: boolean;
}

const PAST_EVERYTHING = Number.MAX_SAFE_INTEGER;

/**
 * Reads on from `from`, one segment at a time, and never beyond `until`. With a reader that knows no bound: the other segments are
 * named as read, so that records behind the bound of one cannot use up the limits of the read for all.
 */
export const rereadUntil = async (
  journal: JournalPort,
  from: Cursor,
  until: Cursor,
  limits: { readonly maxEntries: number; readonly maxBytes: number },
  existing: ReadonlySet<string>,
): Promise<Reread> => {
  const segment = Object.keys(until)
    .toSorted()
    .find((id) => existing.has(id) && (from[id] ?? 0) < (until[id] ?? 0));
  // Segments that are gone have nothing to give any more.
  if (segment === undefined) return { entries: [], cursor: until, complete: true };
  const others = Object.fromEntries([...existing].map((id) => [id, PAST_EVERYTHING]));
  const range = await journal.read({ ...others, [segment]: from[segment] ?? 0 }, limits);
  const entries = range.entries.filter((entry) => entry.segment === segment && isBefore(entry, until));
  const bound = until[segment] ?? 0;
  const start = from[segment] ?? 0;
  const read =
    entries.length < range.entries.length ? bound : Math.min(range.cursor[segment] ?? bound, bound);
  // No step forward although the segment goes on: what is there cannot be read, and was skipped the first time too.
  const reached = read > start ? read : bound;
  const offsetIn = (id: string, last: number): number => {
    if (id === segment) return reached;
    return existing.has(id) ? Math.min(from[id] ?? 0, last) : last;
  };
  const cursor = Object.fromEntries(Object.entries(until).map(([id, last]) => [id, offsetIn(id, last)]));
  return { entries, cursor, complete: covers(cursor, until) };
};
