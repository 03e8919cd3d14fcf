import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from './identifier.ts';
import { type Layout, onCluster, SERVER, storedName } from './layout.ts';
import { createMigrationRecorder, createRecordsTable, readRecords } from './migration-records.ts';

/**
 * Removes everything of a tenant from the warehouse, for good: views, tables and rows, at once and not after ClickHouse's grace
 * period. Afterwards the tenant is as if it had never been; if it is still in the users map its tables are made again, empty. May be run
 * again after it was interrupted. Rejects as the client does.
 */
export const dropTenantData = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  layout: Layout = SERVER,
): Promise<void> => {
  const { events, hostnames, pageViews, rollup, rollupHours, live } = tableNames(tenantId);
  await client.command({
    query: `DROP VIEW IF EXISTS ${quoteIdentifier(pageViews)}${onCluster(layout)} SYNC`,
  });
  const tables = [live, rollupHours, rollup, events, hostnames, `${hostnames}_rebuilt`];
  for (const table of new Set(tables.flatMap((name) => [name, storedName(layout, name)])))
    await client.command({
      query: `DROP TABLE IF EXISTS ${quoteIdentifier(table)}${onCluster(layout)} SYNC`,
      // ClickHouse refuses to drop more than 50 GB unless it is told that this is meant.
      clickhouse_settings: { max_table_size_to_drop: '0', max_partition_size_to_drop: '0' },
    });
  for (const query of createRecordsTable(layout)) await client.command({ query });
  const records = (await readRecords(client, [tenantId])).get(tenantId) ?? [];
  const now = Date.now();
  await createMigrationRecorder(client).record(
    records.map((record) => ({
      ...record,
      state: 'dropped',
      startedAt: now,
      finishedAt: Math.max(now, record.finishedAt + 1),
      error: '',
    })),
  );
};
