import { isForeignSegment } from '#archive';
import type { TenantId } from '#tenants';
import { positionKey } from './cursor.ts';
import type { PositionRange, RowContent } from './ports.ts';

/** Where a beacon stands in the journal, and so its row in a table. */
export interface RowPlace {
  readonly segment: string;
  readonly offset: number;
  readonly receivedAt: number;
}

/** One row that waits for its insert. */
export interface Row extends RowPlace {
  /** What is inserted. */
  readonly content: RowContent;
}

/** The rows of one tenant in one round. */
export interface RowGroup {
  readonly tenant: TenantId;
  readonly rows: readonly Row[];
  readonly hostnames: ReadonlySet<string>;
}

/** Where in the table these rows can be, if they are there. `rows` is not empty. */
export const rangeOf = (rows: readonly RowPlace[]): PositionRange => {
  const segments = new Map<string, { segment: string; from: number; to: number }>();
  let receivedFrom = Number.POSITIVE_INFINITY;
  let receivedTo = Number.NEGATIVE_INFINITY;
  for (const { segment, offset, receivedAt } of rows) {
    const known = segments.get(segment);
    if (known === undefined) segments.set(segment, { segment, from: offset, to: offset + 1 });
    else {
      known.from = Math.min(known.from, offset);
      known.to = Math.max(known.to, offset + 1);
    }
    const { from, to } = timesOf(segment, receivedAt);
    receivedFrom = Math.min(receivedFrom, from);
    receivedTo = Math.max(receivedTo, to);
  }
  // Tables hold whole milliseconds.
  return {
    segments: [...segments.values()],
    receivedFrom: Math.floor(receivedFrom),
    receivedTo: Math.ceil(receivedTo),
  };
};

const DAY_MS = 86_400_000;

/**
 * A line of others without a usable time gets that of its file, which is another one in the hourly and in the daily form of its day: it is looked
 * for from the day before to the day after.
 */
const timesOf = (segment: string, receivedAt: number): { readonly from: number; readonly to: number } => {
  if (!isForeignSegment(segment)) return { from: receivedAt, to: receivedAt };
  const day = Math.floor(receivedAt / DAY_MS) * DAY_MS;
  return { from: day - DAY_MS, to: day + 2 * DAY_MS };
};

/** The rows, told apart by what the table holds: not at all, once, or more often than it may. */
export const compareWithTable = <Place extends RowPlace>(
  rows: readonly Place[],
  existing: readonly { readonly segment: string; readonly offset: number }[],
): { readonly missing: readonly Place[]; readonly doubled: readonly Place[] } => {
  const times = new Map<string, number>();
  for (const position of existing) {
    const key = positionKey(position);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return {
    missing: rows.filter((row) => !times.has(positionKey(row))),
    doubled: rows.filter((row) => (times.get(positionKey(row)) ?? 0) > 1),
  };
};
