import type { ClickHouseClient } from '@clickhouse/client';
import { errorCode } from '#core';
import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { PAGE_VIEW_REACH_SECONDS } from '../page-views.ts';
import { ROLLUP_COLUMNS, type RollupColumn } from './columns.ts';
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
  /** Looks which hours of a tenant are rolled up. No rows for a tenant without tables. Rejects as the client does. */
  look(tenantId: TenantId): Promise<LookedAt>;
  /** Looks, and says where the page views of one period are. */
  source(tenantId: TenantId, period: Period, columns?: readonly string[]): Promise<ViewsSource>;
}

/**
 * What one look found. It stays right for some time, for all statements of a report: an hour that is rolled up later is still read from beacons, and one that is made
 * again is read as it is then.
 */
export interface LookedAt {
  /**
   * The page views that began in a period (in whole seconds, rounded down). With `columns` it has these columns only, which makes a
   * statement with live hours several times as fast.
   */
  source(period: Period, columns?: readonly string[]): ViewsSource;
}

/** What views need. */
export interface ViewsOptions {
  readonly client: ClickHouseClient;
}

/** Opens the page views for reading. */
export const openViews = ({ client }: ViewsOptions): Views => {
  const look = async (tenantId: TenantId): Promise<LookedAt> => {
    const rolled = await rolledHours(client, tenantId);
    return { source: (period, columns) => sourceOf(tenantId, rolled, period, columns) };
  };
  return {
    look,
    source: async (tenantId, period, columns) => (await look(tenantId)).source(period, columns),
  };
};

const sourceOf = (
  tenantId: TenantId,
  rolled: RolledHours | null | undefined,
  period: Period,
  names?: readonly string[],
): ViewsSource => {
  const [from, to] = [Math.floor(period.from / 1_000), Math.floor(period.to / 1_000)];
  const columns =
    names === undefined ? ROLLUP_COLUMNS : ROLLUP_COLUMNS.filter(({ name }) => names.includes(name));
  // A source of no column at all is no statement.
  const shown = columns.length === 0 ? ROLLUP_COLUMNS.slice(0, 1) : columns;
  if (rolled === undefined || from >= to) return { sql: emptySource(shown), rolledUpTo: null };
  return {
    sql: `(${sourceParts({ tenantId, columns: shown, rolled }, from, to).join(' UNION ALL ')})`,
    rolledUpTo: rolled === null ? null : rolled.to * HOUR_MS,
  };
};

/** The hours that are rolled up; null: none; undefined: the tenant has no tables at all. */
const rolledHours = async (
  client: ClickHouseClient,
  tenantId: TenantId,
): Promise<RolledHours | null | undefined> => {
  try {
    return await readRolledHours(client, tenantId);
  } catch (error) {
    if (errorCode(error) !== UNKNOWN_TABLE) throw error;
  }
  const result = await client.query({
    query: 'SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    query_params: { name: tableNames(tenantId).events },
    format: 'JSONCompactEachRow',
  });
  return (await result.json()).length > 0 ? null : undefined;
};

const UNKNOWN_TABLE = '60';

const emptySource = (columns: readonly RollupColumn[]): string =>
  `(SELECT ${columns.map(({ name, type }) => `CAST(defaultValueOfTypeName(${quoteText(type)}), ${quoteText(type)}) AS ${name}`).join(', ')} WHERE 0)`;

interface Asked {
  readonly tenantId: TenantId;
  readonly columns: readonly RollupColumn[];
  readonly rolled: RolledHours | null;
}

/** The statements whose rows together are the page views of a period (epoch seconds): what is rolled up, and the rest from beacons. */
const sourceParts = (asked: Asked, from: number, to: number): readonly string[] => {
  if (asked.rolled === null) return [liveRows(asked, from, to)];
  const [rolledFrom, rolledTo] = [secondsOf(asked.rolled.from), secondsOf(asked.rolled.to)];
  const parts: string[] = [];
  if (from < rolledFrom) parts.push(liveRows({ ...asked, rolled: null }, from, Math.min(to, rolledFrom)));
  if (from < rolledTo && to > rolledFrom)
    parts.push(rolledRows(asked, Math.max(from, rolledFrom), Math.min(to, rolledTo)));
  if (to > rolledTo) parts.push(liveRows(asked, Math.max(from, rolledTo), to));
  return parts;
};

const rolledRows = ({ tenantId, columns }: Asked, from: number, to: number): string => {
  const fills = liveFills(tenantId, Math.floor(from / 3_600), Math.ceil(to / 3_600));
  const exactly = [
    ...(from % 3_600 === 0 ? [] : [` AND started_at >= toDateTime(${from})`]),
    ...(to % 3_600 === 0 ? [] : [` AND started_at < toDateTime(${to})`]),
  ].join('');
  return `SELECT ${columns.map(({ name }) => name).join(', ')} FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${fills}${exactly}`;
};

/** A page that began in a rolled hour and goes on in a live one is left out: it is among the rolled ones. */
const liveRows = ({ tenantId, columns, rolled }: Asked, from: number, to: number): string => {
  const { before: reach, after } = PAGE_VIEW_REACH_SECONDS;
  // While less than a day is rolled up, the pages of the day before are not known from there.
  const before = rolled !== null && rolled.to - rolled.from < REACH_HOURS ? secondsOf(REACH_HOURS) : reach;
  return pageViewRows(
    tenantId,
    {
      where: `received_at >= ${momentSql(Math.max(0, from - before))} AND received_at < ${momentSql(to + after)}`,
      having: `started_at >= ${momentSql(from)} AND started_at < ${momentSql(to)}`,
      ...(rolled === null
        ? {}
        : {
            except: `(SELECT view FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${liveFills(tenantId, rolled.to - REACH_HOURS, rolled.to)})`,
          }),
    },
    columns,
  );
};
