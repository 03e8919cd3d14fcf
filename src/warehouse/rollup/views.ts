import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { PAGE_VIEW_REACH_SECONDS } from '../page-views.ts';
import { ROLLUP_COLUMNS } from './columns.ts';
import { liveFills, readRolledHours } from './hour-records.ts';
import { HOUR_MS, momentSql, REACH_HOURS, type RolledHours, secondsOf } from './hours.ts';
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
    const [from, to] = [Math.floor(period.from / 1_000), Math.floor(period.to / 1_000)];
    const tables = await existingTables(client, tenantId);
    if (!tables.has(tableNames(tenantId).events) || from >= to)
      return { sql: EMPTY_SOURCE, rolledUpTo: null };
    const rolled = tables.has(tableNames(tenantId).rollupHours)
      ? await readRolledHours(client, tenantId)
      : null;
    return {
      sql: `(${sourceParts(tenantId, from, to, rolled).join(' UNION ALL ')})`,
      rolledUpTo: rolled === null ? null : rolled.to * HOUR_MS,
    };
  },
});

const existingTables = async (client: ClickHouseClient, tenantId: TenantId): Promise<ReadonlySet<string>> => {
  const { events, rollupHours } = tableNames(tenantId);
  const result = await client.query({
    query:
      'SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {names:Array(String)}',
    query_params: { names: [events, rollupHours] },
    format: 'JSONCompactEachRow',
  });
  return new Set((await result.json<[name: string]>()).map(([name]) => name));
};

const EMPTY_SOURCE = `(SELECT ${ROLLUP_COLUMNS.map(({ name, type }) => `CAST(defaultValueOfTypeName(${quoteText(type)}), ${quoteText(type)}) AS ${name}`).join(', ')} WHERE 0)`;

/** The statements whose rows together are the page views of a period (epoch seconds): what is rolled up, and the rest from beacons. */
const sourceParts = (
  tenantId: TenantId,
  from: number,
  to: number,
  rolled: RolledHours | null,
): readonly string[] => {
  if (rolled === null) return [liveRows(tenantId, from, to)];
  const [rolledFrom, rolledTo] = [secondsOf(rolled.from), secondsOf(rolled.to)];
  const parts: string[] = [];
  if (from < rolledFrom) parts.push(liveRows(tenantId, from, Math.min(to, rolledFrom)));
  if (from < rolledTo && to > rolledFrom)
    parts.push(rolledRows(tenantId, Math.max(from, rolledFrom), Math.min(to, rolledTo)));
  if (to > rolledTo) parts.push(liveRows(tenantId, Math.max(from, rolledTo), to, rolled));
  return parts;
};

const rolledRows = (tenantId: TenantId, from: number, to: number): string => {
  const fills = liveFills(tenantId, Math.floor(from / 3_600), Math.ceil(to / 3_600));
  const exactly = [
    ...(from % 3_600 === 0 ? [] : [` AND started_at >= toDateTime(${from})`]),
    ...(to % 3_600 === 0 ? [] : [` AND started_at < toDateTime(${to})`]),
  ].join('');
  return `SELECT ${COLUMN_LIST} FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${fills}${exactly}`;
};

/** A page that began in a rolled hour and goes on in a live one is left out: it is among the rolled ones. */
const liveRows = (tenantId: TenantId, from: number, to: number, rolled?: RolledHours): string => {
  const { before: reach, after } = PAGE_VIEW_REACH_SECONDS;
  // While less than a day is rolled up, the pages of the day before are not known from there.
  const before =
    rolled !== undefined && rolled.to - rolled.from < REACH_HOURS ? secondsOf(REACH_HOURS) : reach;
  return pageViewRows(tenantId, {
    where: `received_at >= ${momentSql(Math.max(0, from - before))} AND received_at < ${momentSql(to + after)}`,
    having: `started_at >= ${momentSql(from)} AND started_at < ${momentSql(to)}`,
    ...(rolled === undefined
      ? {}
      : {
          except: `(SELECT view FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${liveFills(tenantId, rolled.to - REACH_HOURS, rolled.to)})`,
        }),
  });
};

const COLUMN_LIST = ROLLUP_COLUMNS.map(({ name }) => name).join(', ');
