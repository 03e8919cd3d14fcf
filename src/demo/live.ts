import { demoNews, demoShop } from './organizations.ts';
import type { LiveView } from './site.ts';

/** Runs a ClickHouse query and gives its rows. */
export type Query = <Row>(sql: string) => Promise<readonly Row[]>;

/** How many beacons of the demo's organizations became rows. A number and nothing of what was measured: whoever reaches the server may ask. */
export const readLiveTables = (query: Query): Promise<LiveView['tables']> =>
  Promise.all([demoShop, demoNews].map(({ prefix }) => readTable(query, prefix)));

const readTable = async (query: Query, tenant: string): Promise<LiveView['tables'][number]> => {
  const table = `${tenant}_webperf_rum_events`;
  const exists = await query(
    `SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
  );
  if (exists.length === 0) return { tenant, table, total: 0 };
  const [counted] = await query<{ total: number }>(`SELECT toUInt32(count()) AS total FROM ${table}`);
  return { tenant, table, total: counted?.total ?? 0 };
};
