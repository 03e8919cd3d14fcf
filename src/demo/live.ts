import type { LiveRow, LiveView } from './site.ts';
import { demoNews, demoShop } from './organizations.ts';

/** Runs a ClickHouse query and gives its rows. */
export type Query = <Row>(sql: string) => Promise<readonly Row[]>;

const NEWEST = 8;

/** The newest rows of the demo's tables, straight from the warehouse. */
export const readLiveTables = (query: Query): Promise<LiveView['tables']> =>
  Promise.all([demoShop, demoNews].map(({ prefix }) => readTable(query, prefix)));

const readTable = async (query: Query, tenant: string): Promise<LiveView['tables'][number]> => {
  const table = `${tenant}_webperf_rum_events`;
  const exists = await query(
    `SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
  );
  if (exists.length === 0) return { tenant, table, total: 0, rows: [] };
  const [rows, totals] = await Promise.all([
    query<LiveRow>(
      `SELECT formatDateTime(received_at, '%H:%i:%S') AS receivedAt, event_type AS eventType, url_path AS path,
       largest_contentful_paint AS lcp, coalesce(inp, inp_increment) AS inp, cumulative_layout_shift AS cls
       FROM ${table} ORDER BY received_at DESC LIMIT ${NEWEST}`,
    ),
    query<{ total: number }>(`SELECT toUInt32(count()) AS total FROM ${table}`),
  ]);
  return { tenant, table, total: totals[0]?.total ?? 0, rows };
};
