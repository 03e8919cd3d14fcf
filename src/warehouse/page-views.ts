import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from './identifier.ts';
import { type Layout, onCluster } from './layout.ts';
import { PAGE_VIEW_COLUMNS, PAGE_VIEW_PARTS, TAKEN } from './page-view-columns.ts';

/** Which page views are selected. Values from outside are bound as parameters, never written into the text. */
export interface PageViewsOptions {
  /** Condition on the beacons, over the columns of the events table. Default: all. */
  readonly where?: string;
  /** Condition on the page views, over their columns. Default: all. */
  readonly having?: string;
}

/**
 * How long before and after a period its page views may have beacons: an hour before (a page that reports a route within
 * the period may have begun before it) and a day after (a tab that is closed on the next day still brings its INP and CLS).
 */
export const PAGE_VIEW_REACH_SECONDS = { before: 3_600, after: 86_400 } as const;

/**
 * The SELECT that puts the beacons of each page view together, one row per (hostname, session_id, page_id).
 *
 * The plain columns (navigation, paint, device, …) are those of one beacon, the *describing* one: the load beacon, or the quit
 * beacon that carries the load, with the lowest `beacon_no`; without any, a soft navigation or a return from the back/forward
 * cache; without any, an early beacon. A group without any of them (only a quit beacon without load data, only errors) is no page
 * view. CLS, clicks and the like are summed over the beacons; INP is the quit beacon's, else the largest increment. A beacon that
 * was stored twice (same `beacon_no` and `event_type`; without a number: same position) counts once. Beacons without
 * `page_id` stand alone.
 *
 * A condition on `hostname`, `session_id` or `page_id` outside of the SELECT reaches the table's index; one on time does not
 * (time is no key of the group). So give the period in `where`, wider by `PAGE_VIEW_REACH_SECONDS`, and exactly in `having`. Who
 * queries the view instead gives it as the setting `additional_table_filters`.
 */
export const pageViewsSelect = (tenantId: TenantId, options: PageViewsOptions = {}): string => {
  const { where = '', having = '' } = options;
  const aggregated = [...PAGE_VIEW_PARTS, ...PAGE_VIEW_COLUMNS].filter(
    ({ aggregate }) => aggregate !== undefined,
  );
  const named = PAGE_VIEW_COLUMNS.filter(({ taken }) => taken === undefined);
  return `WITH beacons AS (
    SELECT *, ${BEACON_COLUMNS}
    FROM ${quoteIdentifier(tableNames(tenantId).events)}${where === '' ? '' : ` WHERE ${where}`}
  ), views AS (
    SELECT ${KEY}, ${aggregated.map(({ name, type }) => `defaultValueOfTypeName(${quoteText(type)}) AS _${name}`).join(', ')},
      ${TAKEN_GROUPS.map(({ columns }) => columns).join(', ')}
    FROM beacons WHERE 0
    UNION ALL
    SELECT ${KEY}, ${aggregated.map(({ aggregate }) => aggregate).join(', ')},
      ${TAKEN_GROUPS.map(({ columns, value }) => `${columns} APPLY(x -> ${value})`).join(', ')}
    FROM beacons GROUP BY ${KEY}, _lone HAVING ${IS_PAGE_VIEW}
  )
SELECT ${KEY}, ${named.map(({ name, derived }) => `${derived ?? `_${name}`} AS ${name}`).join(', ')},
  ${TAKEN_GROUPS.map(({ columns }) => columns).join(', ')}
FROM views${having === '' ? '' : ` WHERE ${having}`}`;
};

/** Names of the key of a page view. */
export const PAGE_VIEW_KEY_COLUMNS = ['hostname', 'session_id', 'page_id'] as const;

const KEY = PAGE_VIEW_KEY_COLUMNS.join(', ');

/**
 * Columns that are made in the same way, as one matcher each instead of an expression each: the server keeps a view in memory as a tree;
 * written out that of one tenant takes 760 KB. The first branch of the UNION has no rows: it
 * gives the names that a matcher with APPLY would lose.
 */
const TAKEN_GROUPS = [...Map.groupBy(PAGE_VIEW_COLUMNS, ({ taken }) => taken)].flatMap(([kind, columns]) =>
  kind === undefined
    ? []
    : [{ columns: `COLUMNS('^(${columns.map(({ name }) => name).join('|')})$')`, value: TAKEN[kind] }],
);

/** The statement that creates or replaces the view of a tenant's page views. */
export const createPageViews = (layout: Layout, tenantId: TenantId): string => {
  const columns = [...PAGE_VIEW_KEY, ...PAGE_VIEW_COLUMNS].map(({ name, type }) => `${name} ${type}`);
  const view = quoteIdentifier(tableNames(tenantId).pageViews);
  return `CREATE OR REPLACE VIEW ${view}${onCluster(layout)} (${columns.join(', ')}) AS ${pageViewsSelect(tenantId)}`;
};

/** The key of a page view. */
const PAGE_VIEW_KEY = [
  { name: 'hostname', type: 'LowCardinality(String)' },
  { name: 'session_id', type: 'String' },
  { name: 'page_id', type: 'String' },
];

const NO_PAGE_VIEW = 3;

/** Over the beacons of a group: does one of them describe a page view? */
export const IS_PAGE_VIEW = `bitShiftRight(min(_rank), 60) < ${NO_PAGE_VIEW}`;

/**
 * `_rank` (kind in the highest bits, then `beacon_no`, then the time), `_beacon`, `_lone` (tells beacons without `page_id`
 * apart) and `_adopted`. Rows of front_basicrum_go have no position and no number: their time and kind tell them apart.
 */
export const BEACON_COLUMNS = `
      bitOr(bitOr(
        bitShiftLeft(toUInt64(multiIf(
          event_type = 'early', 2, is_page_view AND event_type NOT IN ('spa', 'bfcache'), 0, is_page_view, 1, ${NO_PAGE_VIEW})), 60),
        bitShiftLeft(toUInt64(ifNull(beacon_no, 65535)), 44)),
        toUInt64(toUnixTimestamp64Milli(received_at))) AS _rank,
      cityHash64(event_type, isNull(beacon_no)
        ? tuple(journal_segment, journal_offset, toUnixTimestamp64Milli(received_at))
        : tuple(toUInt64(assumeNotNull(beacon_no)), toUInt64(0), toInt64(0))) AS _beacon,
      if(page_id = '', cityHash64(journal_segment, journal_offset, received_at), 0) AS _lone,
      journal_segment = 0 AND journal_offset = 0 AS _adopted`;
