import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { EVENT_COLUMNS, type EventRow, tableNames } from '#warehouse';

/** A beacon's row with neutral values (NULL, empty, 0) in every column that is not given. */
export const beaconRow = (values: Partial<EventRow>): EventRow => {
  const neutral = Object.fromEntries(EVENT_COLUMNS.map(({ name, type }) => [name, neutralValue(type)]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every column has its neutral value
  const row = { ...neutral, ...values } as EventRow;
  const receivedAt = Number(row.received_at);
  return { ...row, event_date: row.event_date || receivedAt, created_at: row.created_at || receivedAt };
};

const neutralValue = (type: string): unknown => {
  if (type.includes('Nullable(')) return null;
  if (type.startsWith('Array(')) return [];
  if (type.startsWith('Map(')) return new Map();
  if (type === 'Bool') return false;
  return type.includes('String') ? '' : 0;
};

/** Inserts rows in the plainest way there is: as text, one object each. */
export const insertBeaconRows = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  rows: readonly Partial<EventRow>[],
): Promise<void> => {
  if (rows.length === 0) return;
  await client.insert({
    table: tableNames(tenantId).events,
    format: 'JSONEachRow',
    values: rows
      .map(beaconRow)
      .map((row) =>
        Object.fromEntries(EVENT_COLUMNS.map(({ name, type }) => [name, jsonValue(type, row[name])])),
      ),
  });
};

const jsonValue = (type: string, value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number' || !type.includes('Date')) return value;
  const text = new Date(value).toISOString();
  if (type.includes('DateTime64')) return text.slice(0, 23).replace('T', ' ');
  return type.includes('DateTime') ? text.slice(0, 19).replace('T', ' ') : text.slice(0, 10);
};

/** RowBinary of rows, written after ClickHouse's description of the format and independent of the product's encoder. */
export const rowBinaryOf = (rows: readonly EventRow[]): Buffer =>
  Buffer.concat(rows.flatMap((row) => EVENT_COLUMNS.map(({ name, type }) => encoded(type, row[name]))));

const encoded = (type: string, value: unknown): Buffer => {
  const inner = /^(LowCardinality|Nullable|Array)\((.*)\)$/.exec(type);
  if (inner?.[1] === 'LowCardinality') return encoded(inner[2] ?? '', value);
  if (inner?.[1] === 'Nullable')
    return value === null ? Buffer.of(1) : Buffer.concat([Buffer.of(0), encoded(inner[2] ?? '', value)]);
  if (inner?.[1] === 'Array' && Array.isArray(value))
    return Buffer.concat([
      varint(value.length),
      ...value.map((item: unknown) => encoded(inner[2] ?? '', item)),
    ]);
  if (value instanceof Map) {
    const [key = '', item = ''] = type.slice('Map('.length, -1).split(', ');
    return Buffer.concat([
      varint(value.size),
      ...[...value].flatMap(([k, v]) => [encoded(key, k), encoded(item, v)]),
    ]);
  }
  return scalar(type, value);
};

const scalar = (type: string, value: unknown): Buffer => {
  const buffer = Buffer.alloc(8);
  const number = Number(value);
  switch (type) {
    case 'String': {
      const text = Buffer.from(String(value));
      return Buffer.concat([varint(text.length), text]);
    }
    case 'Bool':
      return Buffer.of(value === true ? 1 : 0);
    case 'UInt8':
      return Buffer.of(number);
    case 'UInt16':
      return buffer.subarray(0, buffer.writeUInt16LE(number));
    case 'UInt32':
      return buffer.subarray(0, buffer.writeUInt32LE(number));
    case 'Int32':
      return buffer.subarray(0, buffer.writeInt32LE(number));
    case 'UInt64':
      return buffer.subarray(0, buffer.writeBigUInt64LE(BigInt(String(value))));
    case 'Float32':
      return buffer.subarray(0, buffer.writeFloatLE(number));
    case 'Float64':
      return buffer.subarray(0, buffer.writeDoubleLE(number));
    case 'Date':
      return buffer.subarray(0, buffer.writeUInt16LE(Math.floor(number / 86_400_000)));
    case "DateTime('UTC')":
      return buffer.subarray(0, buffer.writeUInt32LE(Math.floor(number / 1_000)));
    case "DateTime64(3, 'UTC')":
      return buffer.subarray(0, buffer.writeBigInt64LE(BigInt(number)));
    default:
      throw new Error(`no encoding for ${type}`);
  }
};

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
};
