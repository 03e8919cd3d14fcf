import type { ClickHouseClient } from '@clickhouse/client';
import { errorCode } from '#core';
import type { TenantId } from '#tenants';
import { LIVE_SUFFIX, quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { ROLLUP_COLUMNS } from './columns.ts';
import { type RolledHours, secondsOf } from './hours.ts';
import { liveRows } from './live-rows.ts';
import { ROLLUP_DEFINITION } from './rollup-tables.ts';

/**
 * The tables `<prefix>_rollup_live`: copies of the page views of live hours, a partition each. Nothing in them is ever needed: a copy is read for seconds
 * after it was made, and made from beacons again. So they are not flushed to disk, and may be dropped at any time.
 */
export interface LiveTable {
  /** A number for the tenant's next copy, and what it will be made of. */
  begin(tenantId: TenantId, rolled: RolledHours): Promise<BegunCopy>;
  /** Stores the page views of all that follows these hours as that copy. */
  store(tenantId: TenantId, id: string, rolled: RolledHours): Promise<void>;
  /** Drops copies of all tenants that nobody reads any longer. */
  sweep(): Promise<void>;
}

/** What is known when the making of a copy begins. */
export interface BegunCopy {
  /** Digits. */
  readonly id: string;
  /** All beacons of the tenant. */
  readonly beacons: number;
  /** Those received after the hours that are rolled up. */
  readonly live: number;
}

/** A copy is no longer read when it is that old: a report, which reads it to its end, takes less. */
const SWEPT_AFTER_SECONDS = 600;

/** Opens the tables on one server. All methods reject as the client does. */
export const openLiveTable = (client: ClickHouseClient): LiveTable => {
  const rows = async <Row>(query: string, params: Readonly<Record<string, unknown>> = {}): Promise<Row[]> => {
    const result = await client.query({
      query,
      query_params: params,
      format: 'JSONCompactEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<Row>();
  };
  const run = (query: string): Promise<unknown> => client.command({ query, clickhouse_settings: SETTINGS });

  /** A table of other columns is that of another version. */
  const create = async (tenantId: TenantId): Promise<void> => {
    const name = tableNames(tenantId).live;
    const others = await rows(
      'SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = {name:String} AND comment != {definition:String}',
      { name, definition: ROLLUP_DEFINITION },
    );
    if (others.length > 0) await run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)} SYNC`);
    await run(
      `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(name)}
        (${ROLLUP_COLUMNS.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(', ')}, copy UInt64)
        ENGINE = MergeTree PARTITION BY copy ORDER BY (is_bot, navigation, hostname) COMMENT ${quoteText(ROLLUP_DEFINITION)}`,
    );
  };

  return {
    begin: async (tenantId, { to }) => {
      // The server's clock, because that is the one by which copies are swept.
      const [row] = await rows<[string, number, number]>(
        `SELECT toString(toUnixTimestamp(now()) * ${PER_SECOND} + rand() % ${PER_SECOND}) AS id, count(), countIf(received_at >= toDateTime({since:UInt32}, 'UTC'))
         FROM ${quoteIdentifier(tableNames(tenantId).events)}`,
        { since: secondsOf(to) },
      );
      const [id, beacons, live] = row ?? ['0', 0, 0];
      return { id, beacons, live };
    },
    store: async (tenantId, id, rolled) => {
      await create(tenantId);
      const columns = ROLLUP_COLUMNS.map(({ name }) => name).join(', ');
      await run(
        `INSERT INTO ${quoteIdentifier(tableNames(tenantId).live)} (${columns}, copy)
          SELECT ${columns}, ${id} FROM (${liveRows({ tenantId, rolled, from: secondsOf(rolled.to), to: null })})`,
      );
    },
    sweep: async () => {
      const old = await rows<[string, string]>(
        `SELECT DISTINCT table, partition FROM system.parts
         WHERE database = currentDatabase() AND active AND endsWith(table, {suffix:String})
           AND intDiv(toUInt64OrZero(partition), ${PER_SECOND}) < toUnixTimestamp(now()) - ${SWEPT_AFTER_SECONDS}`,
        { suffix: LIVE_SUFFIX },
      );
      for (const [table, partition] of old)
        await run(`ALTER TABLE ${quoteIdentifier(table)} DROP PARTITION ${quoteText(partition)}`).catch(
          (error: unknown) => {
            // Another process was faster, or the tenant is gone.
            if (errorCode(error) !== UNKNOWN_TABLE) throw error;
          },
        );
    },
  };
};

/** A copy's number: the second in which it was begun, and so many numbers in a second for processes that begin together. */
const PER_SECOND = 1_048_576;

const UNKNOWN_TABLE = '60';

/** Reports go on beside it. */
const SETTINGS = {
  max_threads: 1,
  max_insert_threads: '1',
  max_memory_usage: '400000000',
  wait_end_of_query: 1,
} as const;
