import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { tableNames } from './identifier.ts';
import { type Layout, storedName } from './layout.ts';
import type { ExistingColumn, ExistingTable } from './migrations/migration.ts';

/**
 * The names of the tenants' tables and views in the current database: one query, whatever their number. (Their engines' text is not
 * read here: for a view the server builds it anew, 20 ms each.)
 */
export const readTableNames = async (client: ClickHouseClient): Promise<ReadonlySet<string>> => {
  const result = await client.query({
    query: `SELECT name FROM system.tables
      WHERE database = currentDatabase() AND match(name, '_webperf_rum_|_page_views')`,
    format: 'JSONCompactEachRow',
  });
  return new Set((await result.json<[name: string]>()).map(([name]) => name));
};

/** A tenant's tables with their columns. */
export const readTenantTables = async (
  client: ClickHouseClient,
  layout: Layout,
  tenantId: TenantId,
  existing: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ExistingTable>> => {
  const { events, hostnames } = tableNames(tenantId);
  const names = [events, hostnames, `${hostnames}_rebuilt`, storedName(layout, events)];
  const found = [...new Set(names)].filter((name) => existing.has(name));
  if (found.length === 0) return new Map();
  const tables = await client.query({
    query: `SELECT name, engine, engine_full AS engineFull FROM system.tables
      WHERE database = currentDatabase() AND name IN {names:Array(String)}`,
    format: 'JSONEachRow',
    query_params: { names: found },
  });
  const columns = await client.query({
    query: `SELECT table, name, type,
        is_in_partition_key OR is_in_sorting_key OR is_in_primary_key AS inKey
      FROM system.columns WHERE database = currentDatabase() AND table IN {names:Array(String)} ORDER BY table, position`,
    format: 'JSONEachRow',
    query_params: { names: found },
  });
  const byTable = Map.groupBy(
    await columns.json<{ table: string; name: string; type: string; inKey: number }>(),
    (column) => column.table,
  );
  const facts = await tables.json<Omit<ExistingTable, 'columns'>>();
  return new Map(
    facts.map((table) => [
      table.name,
      {
        ...table,
        columns: (byTable.get(table.name) ?? []).map(
          ({ name, type, inKey }): ExistingColumn => ({ name, type, inKey: inKey === 1 }),
        ),
      },
    ]),
  );
};
