import {
  EVENT_COLUMNS,
  PAGE_VIEW_COLUMNS,
  PAGE_VIEW_REACH_SECONDS,
  pageViewsSelect,
  viewHash,
} from '#warehouse';
import { type OwnAccess, ownTables, readOwn } from '../own-tables.ts';
import { namedRow, selectList, type TypedColumn } from './columns.ts';
import type { PageViewId } from './id.ts';

/** The key of a page view. */
export interface PageViewKey {
  readonly hostname: string;
  readonly sessionId: string;
  /** '' for a beacon that stands alone. */
  readonly pageId: string;
}

/** So many beacons of a page view are shown: its first ones. */
const MAX_BEACONS = 200;

/** A page view's own columns by name, and its beacons' by name, by time. */
export interface FoundPageView {
  readonly key: PageViewKey;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly beacons: readonly Readonly<Record<string, unknown>>[];
}

/** Reads the page view with this key from its beacons; null when there are none (any more). Errors: as `views.read`. */
export const readPageView = async (
  access: OwnAccess,
  id: PageViewId,
  key: PageViewKey,
): Promise<FoundPageView | null> => {
  const { before, after } = PAGE_VIEW_REACH_SECONDS;
  const where = `hostname = {hostname:String} AND session_id = {session:String} AND page_id = {page:String}
    AND toStartOfHour(received_at) >= toStartOfHour(toDateTime({second:UInt32} - ${before}, 'UTC'))
    AND toStartOfHour(received_at) <= toStartOfHour(toDateTime({second:UInt32} + ${after}, 'UTC'))${
      key.pageId === '' ? ` AND ${hashOf(access)} = {hash:UInt64}` : ''
    }`;
  const parameters = {
    hostname: key.hostname,
    session: key.sessionId,
    page: key.pageId,
    second: id.second,
    hash: String(id.hash),
  };
  const [views, beacons] = await Promise.all([
    readOwn(
      access,
      () => `SELECT ${selectList(VIEW_COLUMNS)} FROM (${pageViewsSelect(access.tenant, { where })}) LIMIT 1`,
      parameters,
    ),
    readOwn(
      access,
      ({ events }) =>
        `SELECT ${selectList(EVENT_COLUMNS)} FROM ${events} WHERE ${where} ORDER BY received_at, journal_segment, journal_offset LIMIT ${MAX_BEACONS}`,
      parameters,
    ),
  ]);
  const [view] = views;
  if (view === undefined) return null;
  return {
    key,
    columns: namedRow(VIEW_COLUMNS, view),
    beacons: beacons.map((beacon) => namedRow(EVENT_COLUMNS, beacon)),
  };
};

const VIEW_COLUMNS: readonly TypedColumn[] = PAGE_VIEW_COLUMNS.filter(({ name }) => name !== 'restiming');

/**
 * The key of a page view, from its beacons; null when there are none (any more). A page view begins with one of its beacons, so one arrived in that second. (`DateTime64` on both sides: before a `DateTime`, the index of ClickHouse 26
 * takes `< x` for `<= x - 1 s` and leaves out what arrived within that second.)
 */
export const findKey = async (
  access: OwnAccess,
  { second, hash }: PageViewId,
): Promise<PageViewKey | null> => {
  const rows = await readOwn<readonly [hostname: string, sessionId: string, pageId: string]>(
    access,
    ({ events }) => `SELECT hostname, session_id, page_id FROM ${events}
      WHERE toStartOfHour(received_at) = toStartOfHour(toDateTime({second:UInt32}, 'UTC'))
        AND received_at >= toDateTime64({second:UInt32}, 3, 'UTC') AND received_at < toDateTime64({second:UInt32} + 1, 3, 'UTC')
        AND ${hashOf(access)} = {hash:UInt64}
      LIMIT 1`,
    { second, hash: String(hash) },
  );
  const [row] = rows;
  return row === undefined ? null : { hostname: row[0], sessionId: row[1], pageId: row[2] };
};

/** The key's hash over the beacons of the tenant. */
const hashOf = ({ tenant }: OwnAccess): string => viewHash(ownTables(tenant).events, 'received_at');
