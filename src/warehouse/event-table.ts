import { quoteIdentifier, quoteText } from './identifier.ts';
import { distributed, type Layout, mergeTree, onCluster, storedName } from './layout.ts';
import { type Column, EVENT_COLUMNS } from './schema.ts';

/**
 * Settings of the events table. The two `fsync` settings make an acknowledged insert survive a power loss of the server.
 * `min_bytes_for_wide_part`: with this many columns a part of one file per column costs hundreds of files (and of `fsync`s) per
 * insert, so fresh parts are kept in one file and become wide when they are merged.
 * `vertical_merge_…`: such a merge goes column by column. All columns at once take 390 MB for 60,000 rows, which is more than the
 * embedded engine has, so that merges failed and were begun again (measured; column by column: 25 MB).
 * `min_parts_to_merge_at_once`: merging a row costs the engine more than inserting it (188 columns), and by default four small parts
 * are merged already; with eight at once each row is merged half as often.
 * `merge_max_block_size_bytes`: a merge holds a block of each part, of 10 MB by default: two merges of eight parts had 197 MB (measured, bench/loader). Not fewer rows
 * (`merge_max_block_size`), which would make the granules of merged parts as small.
 */
export const EVENT_TABLE_SETTINGS = {
  fsync_after_insert: '1',
  fsync_part_directory: '1',
  min_bytes_for_wide_part: '33554432',
  vertical_merge_algorithm_min_rows_to_activate: '1',
  min_parts_to_merge_at_once: '8',
  merge_max_block_size_bytes: '1048576',
} as const;

/**
 * How rows are sorted. `hostname` first, because every panel has a site. `event_date` prunes what Basic RUM's dashboards ask
 * (`event_date` and `created_at`), the hour of `received_at` prunes "the last 15 minutes" and the loader's look for positions,
 * and session and page put the beacons of one page view side by side. Only the first three are kept in memory.
 */
const EVENT_SORTING = {
  primary: ['hostname', 'event_date', 'toStartOfHour(received_at)'],
  rest: ['session_id', 'page_id'],
} as const;

/** The statements that create the events table. `through`: columns up to this migration. */
export const createEventTable = (layout: Layout, name: string, through: number): readonly string[] => {
  const columns = EVENT_COLUMNS.filter((column) => column.since <= through).map((column) =>
    columnText(column, ''),
  );
  const settings = Object.entries(EVENT_TABLE_SETTINGS).map(([key, value]) => `${key} = ${value}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(storedName(layout, name))}${onCluster(layout)} (${columns.join(', ')}) ` +
      `ENGINE = ${mergeTree(layout, '')} PARTITION BY toYYYYMM(received_at) ` +
      `PRIMARY KEY (${EVENT_SORTING.primary.join(', ')}) ` +
      `ORDER BY (${[...EVENT_SORTING.primary, ...EVENT_SORTING.rest].join(', ')}) ` +
      `SETTINGS ${settings.join(', ')}`,
    ...distributed(layout, name, 'cityHash64(session_id, page_id)'),
  ];
};

/** A column as DDL. `defaultExpression` fills it in rows that were stored without it; empty: the type's own default. */
export const columnText = (column: Column, defaultExpression: string): string =>
  [
    quoteIdentifier(column.name),
    column.type,
    ...(defaultExpression === '' ? [] : [`DEFAULT ${defaultExpression}`]),
    `COMMENT ${quoteText(column.comment)}`,
    ...(column.codec === null ? [] : [`CODEC(${column.codec})`]),
  ].join(' ');
