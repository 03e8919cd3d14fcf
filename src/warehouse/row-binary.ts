import type { ByteWriter } from './byte-writer.ts';
import { type ColumnType, EVENT_COLUMNS, type EventRow } from './schema.ts';

/**
 * Writes one row in ClickHouse's RowBinary: the columns of `EVENT_COLUMNS` in their order, so it belongs behind
 * `INSERT INTO … (columns) FORMAT RowBinary`. It begins with journal_segment, journal_offset and batch_id (UInt64 each). Numbers must
 * fit their column's type, texts may be anything. Call `writer.take()` for the bytes.
 */
export const encodeRow = (row: EventRow, writer: ByteWriter): void => {
  for (let index = 0; index < COLUMNS.length; index++) {
    const column = COLUMNS[index];
    if (column !== undefined) column.write(writer, row[column.name]);
  }
};

type WriteValue = (writer: ByteWriter, value: unknown) => void;

const DAY_MS = 86_400_000;
const MAX_DAYS = 0xffff;
const MAX_SECONDS = 0xffff_ffff;
/** ClickHouse's DateTime64 reaches from 1900 to 2299. */
const FIRST_MS = Date.UTC(1900, 0, 1);
const LAST_MS = Date.UTC(2299, 11, 31);

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.floor(value)));

/** How a value of each simple type is written. LowCardinality is written like the type inside it. */
const SIMPLE: ReadonlyMap<string, WriteValue> = new Map<string, WriteValue>([
  ['String', (writer, value) => writer.text(value as string)],
  ['Bool', (writer, value) => writer.u8(value === true ? 1 : 0)],
  ['UInt8', (writer, value) => writer.u8(value as number)],
  ['UInt16', (writer, value) => writer.u16(value as number)],
  ['UInt32', (writer, value) => writer.u32(value as number)],
  ['UInt64', (writer, value) => writer.u64(value as number | bigint)],
  ['Int32', (writer, value) => writer.i32(value as number)],
  ['Float32', (writer, value) => writer.f32(value as number)],
  ['Float64', (writer, value) => writer.f64(value as number)],
  ['Date', (writer, value) => writer.u16(clamp((value as number) / DAY_MS, 0, MAX_DAYS))],
  ["DateTime('UTC')", (writer, value) => writer.u32(clamp((value as number) / 1_000, 0, MAX_SECONDS))],
  ["DateTime64(3, 'UTC')", (writer, value) => writer.i64(clamp(value as number, FIRST_MS, LAST_MS))],
]);

/** Most columns are one of these: one step instead of two. */
const NULLABLE: ReadonlyMap<string, WriteValue> = new Map<string, WriteValue>([
  ['UInt32', (writer, value) => (value === null ? writer.u8(1) : writer.presentU32(value as number))],
  ['UInt64', (writer, value) => (value === null ? writer.u8(1) : writer.presentU64(value as number))],
]);

const insideOf = (type: string, wrapper: string): string | null =>
  type.startsWith(`${wrapper}(`) ? type.slice(wrapper.length + 1, -1) : null;

const MAP_KEY = 'LowCardinality(String), ';

const writerOf = (type: string): WriteValue => {
  const label = insideOf(type, 'LowCardinality');
  if (label !== null) return writerOf(label);
  const nullable = insideOf(type, 'Nullable');
  if (nullable !== null) return NULLABLE.get(nullable) ?? writeNullable(writerOf(nullable));
  const item = insideOf(type, 'Array');
  if (item !== null) return writeArray(writerOf(item));
  const entry = insideOf(type, 'Map');
  if (entry?.startsWith(MAP_KEY)) return writeMap(writerOf(entry.slice(MAP_KEY.length)));
  const simple = SIMPLE.get(type);
  if (simple === undefined) throw new TypeError(`no way to write a value of type ${type}`);
  return simple;
};

const writeNullable =
  (write: WriteValue): WriteValue =>
  (writer, value) => {
    if (value === null) writer.u8(1);
    else {
      writer.u8(0);
      write(writer, value);
    }
  };

const writeArray =
  (write: WriteValue): WriteValue =>
  (writer, value) => {
    const items = value as readonly unknown[];
    writer.length(items.length);
    for (const item of items) write(writer, item);
  };

const writeMap =
  (write: WriteValue): WriteValue =>
  (writer, value) => {
    const entries = value as ReadonlyMap<string, unknown>;
    writer.length(entries.size);
    for (const [key, entry] of entries) {
      writer.text(key);
      write(writer, entry);
    }
  };

const COLUMNS = EVENT_COLUMNS.map(({ name, type }: { name: keyof EventRow; type: ColumnType }) => ({
  name,
  write: writerOf(type),
}));
