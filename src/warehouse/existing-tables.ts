import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { tableNames } from './identifier.ts';
import { type Layout, storedName } from './layout.ts';
import type { ExistingColumn, ExistingTable } from './migrations/migration.ts';

/** The tables of the current database by name, without columns: one query, whatever their number. */
export const readTables = async (client: ClickHouseClient): Promise<ReadonlyMap<string, ExistingTable>> => {
  const result = await client.query({
    query: `SELECT name, engine, engine_full AS engineFull FROM system.tables
      WHERE database = currentDatabase() AND (match(name, '_webperf_rum_|_page_views'))`,
    format: 'JSONEachRow',
  });
  const tables = await result.json<Omit<ExistingTable, 'columns'>>();
  return new Map(tables.map((table) => [table.name, { ...table, columns: [] }]));
};

/** A tenant's tables with their columns. */
export const readTenantTables = async (
  client: ClickHouseClient,
  layout: Layout,
  tenantId: TenantId,
  tables: ReadonlyMap<string, ExistingTable>,
): Promise<ReadonlyMap<string, ExistingTable>> => {
  const { events, hostnames } = tableNames(tenantId);
  const names = [events, hostnames, `${hostnames}_rebuilt`, storedName(layout, events)];
  const found = names.flatMap((name) => tables.get(name) ?? []);
  if (found.length === 0) return new Map();
  const result = await client.query({
    query: `SELECT table, name, type,
        is_in_partition_key OR is_in_sorting_key OR is_in_primary_key AS inKey
      FROM system.columns WHERE database = currentDatabase() AND table IN {names:Array(String)} ORDER BY table, position`,
    format: 'JSONEachRow',
    query_params: { names: found.map((table) => table.name) },
  });
  const columns = Map.groupBy(
    await result.json<{ table: string; name: string; type: string; inKey: number }>(),
    (column) => column.table,
  );
  return new Map(
    found.map((table) => [
      table.name,
      {
        ...table,
        columns: (columns.get(table.name) ?? []).map(
          ({ name, type, inKey }): ExistingColumn => ({ name, type, inKey: inKey === 1 }),
        ),
      },
    ]),
  );
};
