import type { ClickHouseClient } from '@clickhouse/client';
import { errorCode } from '#core';
import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { ROLLUP_COLUMNS, type RollupColumn } from './columns.ts';
import { liveFills, readRolledAndCount, readRolledHours } from './hour-records.ts';
import { HOUR_MS, type RolledHours, secondsOf } from './hours.ts';
import type { LiveCopies } from './live-copies.ts';
import { liveRows } from './live-rows.ts';

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
  /** Who asks again and again gets live hours from copies. Default: always from beacons. */
  readonly copies?: Pick<LiveCopies, 'find'> | undefined;
}

/** Opens the page views for reading. */
export const openViews = ({ client, copies }: ViewsOptions): Views => {
  const look = async (tenantId: TenantId): Promise<LookedAt> => {
    const found = await lookAt(client, tenantId, copies);
    return { source: (period, columns) => sourceOf(tenantId, found, period, columns) };
  };
  return {
    look,
    source: async (tenantId, period, columns) => (await look(tenantId)).source(period, columns),
  };
};

interface Found {
  /** Null: none. */
  readonly rolled: RolledHours | null;
  /** Of all that follows them; null: none. */
  readonly copy: string | null;
}

const sourceOf = (
  tenantId: TenantId,
  found: Found | null,
  period: Period,
  names?: readonly string[],
): ViewsSource => {
  const [from, to] = [Math.floor(period.from / 1_000), Math.floor(period.to / 1_000)];
  const columns =
    names === undefined ? ROLLUP_COLUMNS : ROLLUP_COLUMNS.filter(({ name }) => names.includes(name));
  // A source of no column at all is no statement.
  const shown = columns.length === 0 ? ROLLUP_COLUMNS.slice(0, 1) : columns;
  if (found === null || from >= to) return { sql: emptySource(shown), rolledUpTo: null };
  return {
    sql: `(${sourceParts({ tenantId, columns: shown, ...found }, from, to).join(' UNION ALL ')})`,
    rolledUpTo: found.rolled === null ? null : found.rolled.to * HOUR_MS,
  };
};

/** Null: the tenant has no tables at all. */
const lookAt = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  copies: ViewsOptions['copies'],
): Promise<Found | null> => {
  try {
    if (copies === undefined) return { rolled: await readRolledHours(client, tenantId), copy: null };
    const { rolled, beacons } = await readRolledAndCount(client, tenantId);
    return { rolled, copy: rolled === null ? null : copies.find(tenantId, rolled, beacons) };
  } catch (error) {
    if (errorCode(error) !== UNKNOWN_TABLE) throw error;
  }
  const result = await client.query({
    query: 'SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    query_params: { name: tableNames(tenantId).events },
    format: 'JSONCompactEachRow',
  });
  return (await result.json()).length > 0 ? { rolled: null, copy: null } : null;
};

const UNKNOWN_TABLE = '60';

const emptySource = (columns: readonly RollupColumn[]): string =>
  `(SELECT ${columns.map(({ name, type }) => `CAST(defaultValueOfTypeName(${quoteText(type)}), ${quoteText(type)}) AS ${name}`).join(', ')} WHERE 0)`;

interface Asked extends Found {
  readonly tenantId: TenantId;
  readonly columns: readonly RollupColumn[];
}

/** The statements whose rows together are the page views of a period (epoch seconds): what is rolled up, and the rest from beacons or a copy. */
const sourceParts = (asked: Asked, from: number, to: number): readonly string[] => {
  const { rolled, copy } = asked;
  if (rolled === null) return [liveRows({ ...asked, from, to })];
  const [rolledFrom, rolledTo] = [secondsOf(rolled.from), secondsOf(rolled.to)];
  const parts: string[] = [];
  if (from < rolledFrom) parts.push(liveRows({ ...asked, rolled: null, from, to: Math.min(to, rolledFrom) }));
  if (from < rolledTo && to > rolledFrom)
    parts.push(rolledRows(asked, Math.max(from, rolledFrom), Math.min(to, rolledTo)));
  if (to > rolledTo)
    // Who asks for live hours alone, as for the last 30 minutes, wants the last second as well.
    parts.push(
      copy === null || from >= rolledTo
        ? liveRows({ ...asked, from: Math.max(from, rolledTo), to })
        : copiedRows(asked, copy, to),
    );
  return parts;
};

const copiedRows = ({ tenantId, columns }: Asked, copy: string, to: number): string =>
  `SELECT ${namesOf(columns)} FROM ${quoteIdentifier(tableNames(tenantId).live)} WHERE copy = ${copy} AND started_at < toDateTime(${to})`;

const rolledRows = ({ tenantId, columns }: Asked, from: number, to: number): string => {
  const fills = liveFills(tenantId, Math.floor(from / 3_600), Math.ceil(to / 3_600));
  const exactly = [
    ...(from % 3_600 === 0 ? [] : [` AND started_at >= toDateTime(${from})`]),
    ...(to % 3_600 === 0 ? [] : [` AND started_at < toDateTime(${to})`]),
  ].join('');
  return `SELECT ${namesOf(columns)} FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${fills}${exactly}`;
};

const namesOf = (columns: readonly RollupColumn[]): string => columns.map(({ name }) => name).join(', ');
