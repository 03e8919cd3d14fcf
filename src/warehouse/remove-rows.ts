import type { ClickHouseClient } from '@clickhouse/client';
import { quoteIdentifier } from './identifier.ts';
import { type Layout, onCluster, storedName } from './layout.ts';

/**
 * Removes rows of a table for good: resolves when its files do not hold them any more. `condition` is SQL of our own making; `1` empties
 * the table. Rejects as the client does.
 */
export const removeRows = async (
  client: ClickHouseClient,
  layout: Layout,
  name: string,
  condition: string,
): Promise<void> => {
  const table = `${quoteIdentifier(storedName(layout, name))}${onCluster(layout)}`;
  await client.command(
    condition === '1'
      ? { query: `TRUNCATE TABLE ${table}` }
      : {
          query: `ALTER TABLE ${table} DELETE WHERE ${condition}`,
          clickhouse_settings: { mutations_sync: '2' },
        },
  );
};
