import type { ClickHouseClient } from '@clickhouse/client';
import type { MigrationLine, TableFigures } from '#modules';
import type { TenantId } from '#tenants';
import { type MigrationRecord, quoteIdentifier, quoteText, readRecords, tableNames } from '#warehouse';

/** Tables that are asked for in one statement. */
const TABLES_AT_ONCE = 100;
const TIMEOUT_MS = 10_000;

/** Rows and last beacon of each of these tenants that has a table. Rejects as the client does. */
export const readTableFigures = async (
  client: ClickHouseClient,
  tenants: readonly TenantId[],
): Promise<ReadonlyMap<string, TableFigures>> => {
  const found = new Map<string, TableFigures>();
  const existing = await tablesOf(client);
  const asked = tenants.filter((id) => existing.has(tableNames(id).events));
  for (let from = 0; from < asked.length; from += TABLES_AT_ONCE) {
    const selects = asked.slice(from, from + TABLES_AT_ONCE).map(
      (id) =>
        // `received_at` is in the partition key: the greatest one is known without reading rows.
        `SELECT ${quoteText(id)} AS tenant, count() AS rows, toUnixTimestamp64Milli(max(received_at)) AS last FROM ${quoteIdentifier(tableNames(id).events)}`,
    );
    const result = await client.query({
      query: selects.join('\nUNION ALL '),
      format: 'JSONCompactEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      abort_signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    for (const [tenant, rows, last] of await result.json<[tenant: string, rows: number, last: number]>())
      found.set(tenant, { rows, lastBeaconAt: rows === 0 ? null : new Date(last).toISOString() });
  }
  return found;
};

/** How far the tables of each of these tenants are. `newest`: number of the last migration that there is. */
export const readMigrations = async (
  client: ClickHouseClient,
  tenants: readonly TenantId[],
  newest: number,
): Promise<readonly MigrationLine[]> => {
  const tables = await tablesOf(client);
  const records =
    tables.size === 0 ? new Map<string, readonly MigrationRecord[]>() : await readRecords(client, 'all');
  return tenants.map((tenant) =>
    migrationLine(tenant, tables.has(tableNames(tenant).events), records.get(tenant) ?? [], newest),
  );
};

const migrationLine = (
  tenant: string,
  hasTable: boolean,
  records: readonly MigrationRecord[],
  newest: number,
): MigrationLine => {
  const last = records.toSorted((a, b) => a.number - b.number).at(-1);
  const failed = records.find(({ state }) => state === 'failed');
  const told = failed ?? last;
  const state =
    failed !== undefined
      ? 'failed'
      : !hasTable
        ? 'none'
        : last === undefined || last.number < newest
          ? 'pending'
          : 'ready';
  return {
    tenant,
    state,
    last: told?.name ?? '',
    at: told === undefined ? null : new Date(told.finishedAt).toISOString(),
    error: failed?.error.slice(0, 1_000) ?? '',
  };
};

const tablesOf = async (client: ClickHouseClient): Promise<ReadonlySet<string>> => {
  const result = await client.query({
    query: `SELECT name FROM system.tables WHERE database = currentDatabase() AND endsWith(name, '_webperf_rum_events')`,
    format: 'JSONCompactEachRow',
    abort_signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return new Set((await result.json<[name: string]>()).map(([name]) => name));
};
