import type { TenantId } from '#tenants';
import { positionKey } from './cursor.ts';
import type { PositionRange } from './ports.ts';

/** One row that waits for its insert. */
export interface Row {
  readonly segment: string;
  readonly offset: number;
  readonly receivedAt: number;
  /** RowBinary; begins with journal_segment, journal_offset, batch_id (UInt64 each). */
  readonly bytes: Uint8Array;
}

/** The rows of one tenant in one round. */
export interface RowGroup {
  readonly tenant: TenantId;
  readonly rows: readonly Row[];
  readonly hostnames: ReadonlySet<string>;
}

const BATCH_ID_AT = 16;

/** The bytes of one insert: all rows in order, each with this batch id. */
export const payloadOf = (rows: readonly Row[], batchId: bigint): Uint8Array => {
  const payload = Buffer.allocUnsafe(rows.reduce((sum, row) => sum + row.bytes.length, 0));
  let at = 0;
  for (const { bytes } of rows) {
    payload.set(bytes, at);
    payload.writeBigUInt64LE(batchId, at + BATCH_ID_AT);
    at += bytes.length;
  }
  return payload;
};

/** Where in the table these rows can be, if they are there. `rows` is not empty. */
export const rangeOf = (rows: readonly Row[]): PositionRange => {
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
    receivedFrom = Math.min(receivedFrom, receivedAt);
    receivedTo = Math.max(receivedTo, receivedAt);
  }
  // Tables hold whole milliseconds.
  return {
    segments: [...segments.values()],
    receivedFrom: Math.floor(receivedFrom),
    receivedTo: Math.ceil(receivedTo),
  };
};

/** The rows, told apart by what the table holds: not at all, once, or more often than it may. */
export const compareWithTable = (
  rows: readonly Row[],
  existing: readonly { readonly segment: string; readonly offset: number }[],
): { readonly missing: readonly Row[]; readonly doubled: readonly Row[] } => {
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
