import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { tableNames } from '../identifier.ts';
import { PAGE_VIEW_REACH_SECONDS } from '../page-views.ts';
import { ROLLUP_COLUMNS } from './columns.ts';
import { pageViewRows } from './page-view-rows.ts';

/** A period of time, half-open, epoch ms; whole seconds count. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Where reports find the page views of a period. */
export interface ViewsSource {
  /** A sub-select in parentheses, for `FROM ${sql}`, with exactly the columns of `ROLLUP_COLUMNS`, one row for each page view that began in the period. */
  readonly sql: string;
  /** Up to here (epoch ms) hours were read from the roll-up; null: everything is made from beacons. */
  readonly rolledUpTo: number | null;
}

/** The page views of tenants, whether they are rolled up already or not. */
export interface Views {
  /** The page views of a tenant that began in a period (in whole seconds, rounded down). No rows for a tenant without tables. Rejects as the client does. */
  source(tenantId: TenantId, period: Period): Promise<ViewsSource>;
}

/** What views need. */
export interface ViewsOptions {
  readonly client: ClickHouseClient;
}

/** Opens the page views for reading. */
export const openViews = ({ client }: ViewsOptions): Views => ({
  source: async (tenantId, period) => {
    const result = await client.query({
      query: 'SELECT name FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
      query_params: { name: tableNames(tenantId).events },
      format: 'JSONEachRow',
    });
    const hasEvents = (await result.json()).length > 0;
    return { sql: hasEvents ? `(${liveRows(tenantId, period)})` : EMPTY_SOURCE, rolledUpTo: null };
  },
});

const EMPTY_SOURCE = `(SELECT ${ROLLUP_COLUMNS.map(({ name, type }) => `CAST(defaultValueOfTypeName('${type.replaceAll("'", "\\'")}'), '${type.replaceAll("'", "\\'")}') AS ${name}`).join(', ')} WHERE 0)`;

const liveRows = (tenantId: TenantId, { from, to }: Period): string => {
  const [begin, end] = [Math.floor(from / 1_000), Math.floor(to / 1_000)];
  const { before, after } = PAGE_VIEW_REACH_SECONDS;
  return pageViewRows(tenantId, {
    where: `received_at >= toDateTime(${begin - before}) AND received_at < toDateTime(${end + after})`,
    having: `started_at >= toDateTime(${begin}) AND started_at < toDateTime(${end})`,
  });
};
