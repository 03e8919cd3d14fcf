import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { type Layout, onCluster, storedName } from '../layout.ts';
import { ROLLUP_DEFINITION } from './rollup-tables.ts';

/**
 * Drops the roll-up of a tenant that was made by another version: of other columns, or in another order. It is made again from beacons, the newest
 * hours first; meanwhile reports read beacons. Rejects as the client does.
 */
export const dropOtherDefinition = async (
  client: ClickHouseClient,
  layout: Layout,
  tenantId: TenantId,
): Promise<void> => {
  const { rollup, rollupHours } = tableNames(tenantId);
  const result = await client.query({
    query: `SELECT 1 FROM system.tables
      WHERE database = currentDatabase() AND name = {name:String} AND comment != {definition:String}`,
    query_params: { name: storedName(layout, rollup), definition: ROLLUP_DEFINITION },
    format: 'JSONCompactEachRow',
  });
  if ((await result.json()).length === 0) return;
  // Hours first: without them nothing counts as rolled up.
  for (const name of [rollupHours, rollup])
    for (const table of new Set([name, storedName(layout, name)]))
      await client.command({
        query: `DROP TABLE IF EXISTS ${quoteIdentifier(table)}${onCluster(layout)} SYNC`,
        // ClickHouse refuses to drop more than 50 GB unless it is told that this is meant.
        clickhouse_settings: { max_table_size_to_drop: '0', max_partition_size_to_drop: '0' },
      });
};
