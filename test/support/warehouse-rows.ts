import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { createEventRowWriter, EVENT_COLUMNS, type EventRow, nativeBlock, tableNames } from '#warehouse';

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

/** Rows of the events table for `insertRows`. */
export const nativeOf = (rows: readonly EventRow[], batchId: bigint): readonly Uint8Array[] => {
  const writer = createEventRowWriter();
  const refs = rows.map((row) => {
    Object.assign(writer.begin(), row);
    return writer.end();
  });
  return nativeBlock(refs, batchId);
};
