import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { momentText } from '../moment-text.ts';
import { type HourRecord, type RolledHours, secondsOf } from './hours.ts';

/** Which hours of a tenant are in the roll-up. */
export interface HourRecords {
  /** The records of the hours from `from` on. */
  read(tenantId: TenantId, from: number): Promise<readonly HourRecord[]>;
  /** Makes these the hours that count, all at once. */
  write(tenantId: TenantId, records: readonly HourRecord[]): Promise<void>;
}

/** Reads and writes the table of hours. Rejects as the client does. */
export const createHourRecords = (client: ClickHouseClient): HourRecords => ({
  read: async (tenantId, from) => {
    const result = await client.query({
      query: `SELECT intDiv(toUInt32(hour), 3600), toString(fill), beacons, toUnixTimestamp64Milli(made_at)
        FROM ${hoursTable(tenantId)} FINAL WHERE hour > 0 AND hour >= toDateTime(${secondsOf(from)})`,
      format: 'JSONCompactEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    const rows = await result.json<[number, string, number, number]>();
    return rows.map(([hour, fill, beacons, madeAt]) => ({ hour, fill: BigInt(fill), beacons, madeAt }));
  },
  write: async (tenantId, records) => {
    if (records.length === 0) return;
    await client.insert({
      table: tableNames(tenantId).rollupHours,
      format: 'JSONEachRow',
      values: records.map(({ hour, fill, beacons, madeAt }) => ({
        hour: secondsOf(hour),
        fill: String(fill),
        beacons,
        made_at: momentText(madeAt),
      })),
      clickhouse_settings: { insert_distributed_sync: 1, wait_end_of_query: 1 },
    });
  },
});

const hoursTable = (tenantId: TenantId): string => quoteIdentifier(tableNames(tenantId).rollupHours);

/**
 * The contiguous hours of a tenant that are rolled up, or null: none (or no tables). Hours among them without a record had no
 * beacons. Rejects as the client does, for a missing table, too.
 */
export const readRolledHours = async (
  client: ClickHouseClient,
  tenantId: TenantId,
): Promise<RolledHours | null> => (await readRolled(client, tenantId, '0')).rolled;

/** The same, and how many beacons the tenant has. */
export const readRolledAndCount = async (
  client: ClickHouseClient,
  tenantId: TenantId,
): Promise<{ readonly rolled: RolledHours | null; readonly beacons: number }> =>
  readRolled(client, tenantId, `(SELECT count() FROM ${quoteIdentifier(tableNames(tenantId).events)})`);

const readRolled = async (client: ClickHouseClient, tenantId: TenantId, beacons: string) => {
  const result = await client.query({
    query: `SELECT intDiv(toUInt32(minIf(hour, hour > 0)), 3600), intDiv(toUInt32(max(hour)), 3600), countIf(hour = 0), ${beacons}
      FROM ${hoursTable(tenantId)}`,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [first = 0, last = 0, isComplete = 0, count = 0] =
    (await result.json<[number, number, number, number]>())[0] ?? [];
  return {
    rolled: last === 0 ? null : { from: isComplete > 0 ? 0 : first, to: last + 1 },
    beacons: count,
  };
};

/** A sub-select of the fills that count of the hours from `from` up to `to` (exclusive). */
export const liveFills = (tenantId: TenantId, from: number, to: number): string =>
  `(SELECT fill FROM ${hoursTable(tenantId)} FINAL WHERE hour > 0 AND hour >= toDateTime(${secondsOf(from)}) AND hour < toDateTime(${secondsOf(to)}))`;
