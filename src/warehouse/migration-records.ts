import type { ClickHouseClient } from '@clickhouse/client';
import { quoteIdentifier } from './identifier.ts';
import { distributed, type Layout, mergeTree, onCluster, storedName } from './layout.ts';
import { momentText } from './moment-text.ts';

/** Name of the bookkeeping table, one for all tenants of a database. */
export const RECORDS_TABLE = 'rumbrella_migrations';

/** What is recorded about one migration of one tenant. The newest record of (tenant, number) counts. */
export interface MigrationRecord {
  readonly tenant: string;
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  /** `dropped`: the tenant's data was removed; nothing is applied any more. */
  readonly state: 'applied' | 'failed' | 'dropped';
  /** Epoch ms, clock of the process that applied it. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Empty unless failed. */
  readonly error: string;
}

/** The statements that create the bookkeeping table. */
export const createRecordsTable = (layout: Layout): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(storedName(layout, RECORDS_TABLE))}${onCluster(layout)} (
    tenant String COMMENT 'prefix of the tenant',
    number UInt32,
    name LowCardinality(String),
    checksum String COMMENT 'of the text of the migration when it was applied',
    state LowCardinality(String) COMMENT 'applied, failed or dropped',
    started_at DateTime64(3, 'UTC'),
    finished_at DateTime64(3, 'UTC'),
    error String
  ) ENGINE = ${mergeTree(layout, 'Replacing', 'finished_at')} ORDER BY (tenant, number)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  ...distributed(layout, RECORDS_TABLE, 'cityHash64(tenant)'),
];

/** Reads the newest record of every migration, of all tenants or of some. */
export const readRecords = async (
  client: ClickHouseClient,
  tenants: readonly string[] | 'all',
): Promise<ReadonlyMap<string, readonly MigrationRecord[]>> => {
  const result = await client.query({
    query: `SELECT tenant, number, name, checksum, state, toUnixTimestamp64Milli(started_at) AS startedAt,
      toUnixTimestamp64Milli(finished_at) AS finishedAt, error FROM ${RECORDS_TABLE} FINAL
      ${tenants === 'all' ? '' : 'WHERE tenant IN {tenants:Array(String)}'} ORDER BY tenant, number`,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    ...(tenants === 'all' ? {} : { query_params: { tenants } }),
  });
  return Map.groupBy(await result.json<MigrationRecord>(), (record) => record.tenant);
};

/** Writes records down, many in one insert: whoever asks while one is on its way shares the next. */
export interface MigrationRecorder {
  /** Resolves when these records are stored. */
  record(records: readonly MigrationRecord[]): Promise<void>;
}

/** Creates a recorder. */
export const createMigrationRecorder = (client: ClickHouseClient): MigrationRecorder => {
  let waiting: MigrationRecord[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return {
    record: (records) => {
      waiting.push(...records);
      next ??= last
        .catch(() => undefined)
        .then(() => {
          const batch = waiting;
          waiting = [];
          next = undefined;
          last = insertRecords(client, batch);
          return last;
        });
      return next;
    },
  };
};

const insertRecords = async (
  client: ClickHouseClient,
  records: readonly MigrationRecord[],
): Promise<void> => {
  await client.insert({
    table: RECORDS_TABLE,
    format: 'JSONEachRow',
    columns: ['tenant', 'number', 'name', 'checksum', 'state', 'started_at', 'finished_at', 'error'],
    values: records.map((record) => ({
      tenant: record.tenant,
      number: record.number,
      name: record.name,
      checksum: record.checksum,
      state: record.state,
      started_at: momentText(record.startedAt),
      finished_at: momentText(record.finishedAt),
      error: record.error,
    })),
    clickhouse_settings: { async_insert: 0 },
  });
};
