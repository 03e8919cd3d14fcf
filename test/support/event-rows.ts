import type { EncodeBeacon } from '../../src/loader/ports.ts';
import { EVENT_COLUMNS } from '#warehouse';
import { markerOf } from './loader-world.ts';

/**
 * The plainest row that the events table takes: the position, `received_at`, and the marker of the beacon as `page_id`; everything
 * else is empty. A beacon with `poison` in its marker gives a row that ClickHouse refuses. For tests of loading, which do not care what a beacon says.
 */
export const encodeEventRow: EncodeBeacon = (entry) => {
  const { segment, offset, record } = entry;
  const values = new Map<string, Buffer>([
    ['journal_segment', uint64(BigInt(`0x${segment}`))],
    ['journal_offset', uint64(BigInt(offset))],
    ['received_at', uint64(BigInt(Math.trunc(record.receivedAt)))],
    ['page_id', markerOf(record).includes('poison') ? TOO_LONG : text(markerOf(record))],
  ]);
  const parts = EVENT_COLUMNS.map(({ name, type }) => values.get(name) ?? emptyOf(type));
  return { kind: 'row', bytes: Buffer.concat(parts), hostname: `${record.destination}.example` };
};

/** The length of a text as no server takes it: 4 GB. */
const TOO_LONG = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]);

const uint64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  if (bytes.length > 127) throw new RangeError('a marker has at most 127 bytes');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

const WIDTHS: Readonly<Record<string, number>> = {
  Bool: 1,
  UInt8: 1,
  UInt16: 2,
  UInt32: 4,
  UInt64: 8,
  Int32: 4,
  Float32: 4,
  Float64: 8,
  Date: 2,
  "DateTime('UTC')": 4,
  "DateTime64(3, 'UTC')": 8,
};

const emptyOf = (type: string): Buffer => {
  const inner = /^LowCardinality\((.*)\)$/.exec(type)?.[1] ?? type;
  if (inner.startsWith('Nullable(')) return Buffer.from([1]);
  if (inner === 'String' || inner.startsWith('Array(') || inner.startsWith('Map(')) return Buffer.from([0]);
  const width = WIDTHS[inner];
  if (width === undefined) throw new RangeError(`no empty value for ${type}`);
  return Buffer.alloc(width);
};
