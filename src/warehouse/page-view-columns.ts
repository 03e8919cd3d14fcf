import { EVENT_COLUMNS, type EventColumnName } from './schema.ts';

/**
 * A column of the page views. `aggregate` is over the beacons of a page view, which carry besides their own columns `_rank` (how well the
 * beacon describes the page view, less is better), `_beacon` (its identity) and `_adopted` (stored by front_basicrum_go);
 * `derived` is over the aggregates, named `_<name>`.
 */
export interface PageViewColumn {
  readonly name: string;
  /** ClickHouse type. It is said rather than found out by the server: that takes half of the time that a view costs. */
  readonly type: string;
  readonly comment: string;
  readonly aggregate?: string;
  readonly derived?: string;
  /** Instead of both: made of the column of this name in one of the ways of `TAKEN`. */
  readonly taken?: TakenKind;
}

const OTHERS = "event_type != 'early'";

/**
 * Largest session window of `_shifts`: shifts less than 1 s apart and within 5 s (https://web.dev/articles/evolving-cls).
 * The accumulator is (start of the window, last shift, sum of the window, largest sum).
 */
const WINDOWED = `tupleElement(arrayFold((window, shift) -> if(
  window.2 >= 0 AND shift.1 - window.2 < 1000 AND shift.1 - window.1 < 5000,
  (window.1, toInt64(shift.1), window.3 + shift.2, greatest(window.4, window.3 + shift.2)),
  (toInt64(shift.1), toInt64(shift.1), toFloat64(shift.2), greatest(window.4, toFloat64(shift.2)))),
  _shifts, (toInt64(-1), toInt64(-1), toFloat64(0), toFloat64(0))), 4)`;

/** Aggregates that only other columns are derived from. */
export const PAGE_VIEW_PARTS: readonly PageViewColumn[] = [
  {
    name: 'shifts',
    type: 'Array(Tuple(UInt32, Float32))',
    comment: 'the shifts of all beacons as (start, value), in order, each once',
    aggregate: 'arraySort(groupUniqArrayArray(arrayZip(cls_shift_at, cls_shift_value)))',
  },
];

/** Columns that are not simply those of the describing beacon. */
const SPECIAL: readonly PageViewColumn[] = [
  {
    name: 'started_at',
    type: "DateTime64(3, 'UTC')",
    comment: 'received_at of its first beacon (of an early one only when there is no other)',
    aggregate: `if(countIf(${OTHERS}) > 0, minIf(received_at, ${OTHERS}), min(received_at))`,
  },
  {
    name: 'ended_at',
    type: "DateTime64(3, 'UTC')",
    comment: 'received_at of its last beacon',
    aggregate:
      "fromUnixTimestamp64Milli(arrayMax(mapValues(minMap(map(_beacon, toUnixTimestamp64Milli(received_at))))), 'UTC')",
  },
  {
    name: 'time_on_page',
    type: 'Nullable(UInt64)',
    comment: 'from started_at to ended_at, ms; NULL with a single beacon',
    derived:
      "if(_beacons > 1, toNullable(toUInt64(greatest(dateDiff('millisecond', _started_at, _ended_at), 0))), NULL)",
  },
  { name: 'event_date', type: 'Date', comment: 'day of started_at, UTC', derived: 'toDate(_started_at)' },
  {
    name: 'created_at',
    type: "DateTime('UTC')",
    comment: 'started_at in seconds',
    derived: 'toDateTime(_started_at)',
  },
  {
    name: 'event_type',
    type: 'String',
    comment: 'visit_page; spa, spa_hard or bfcache when that beacon describes the page view',
    derived: "if(_described_by IN ('spa', 'spa_hard', 'bfcache'), toString(_described_by), 'visit_page')",
  },
  {
    name: 'described_by',
    type: 'String',
    comment: 'event_type of the beacon that the plain columns come from',
    aggregate: 'argMin(event_type, _rank)',
  },
  { name: 'beacons', type: 'UInt64', comment: 'different beacons', aggregate: 'uniqExact(_beacon)' },
  {
    name: 'has_quit',
    type: 'Bool',
    comment: 'the quit beacon arrived',
    aggregate: "CAST(max(event_type = 'quit_page'), 'Bool')",
  },
  {
    name: 'abandoned',
    type: 'Bool',
    comment: 'the visitor left before the page had loaded',
    taken: 'largest',
  },
  { name: 'was_hidden', type: 'Bool', comment: 'hidden at some time', taken: 'largest' },
  {
    name: 'hidden_at_load',
    type: 'Bool',
    comment: 'hidden at some time before the describing beacon',
    aggregate: 'argMin(was_hidden, _rank)',
  },
  {
    name: 'soft_navigations',
    type: 'UInt64',
    comment: 'routes of a single-page application',
    aggregate: "uniqExactIf(_beacon, event_type = 'spa')",
  },
  {
    name: 'restores',
    type: 'UInt64',
    comment: 'times it came back from the back/forward cache',
    aggregate: "uniqExactIf(_beacon, event_type = 'bfcache')",
  },
  {
    name: 'requests',
    type: 'UInt64',
    comment: 'xhr beacons',
    aggregate: "uniqExactIf(_beacon, event_type = 'xhr')",
  },
  {
    name: 'next_url',
    type: 'String',
    comment: 'address that the visitor went to',
    taken: 'largest',
  },
  {
    name: 'cumulative_layout_shift',
    type: 'Nullable(Float32)',
    comment: 'sum of all shifts',
    taken: 'sum',
  },
  {
    name: 'cls',
    type: 'Nullable(Float32)',
    comment: 'CLS: largest session window where the beacons list their shifts, else the sum',
    derived: `if(notEmpty(_shifts) AND arraySum(s -> s.2, _shifts) + 0.005 * length(_shifts) >= ifNull(cumulative_layout_shift, 0),
      CAST(${WINDOWED}, 'Nullable(Float32)'), cumulative_layout_shift)`,
  },
  { name: 'cls_top', type: 'Nullable(Float32)', comment: 'largest single shift', taken: 'largest' },
  {
    name: 'cls_selector',
    type: 'String',
    comment: 'selector of its first source',
    aggregate: 'argMax(cls_selector, ifNull(cls_top, -1))',
  },
  {
    name: 'inp',
    type: 'Nullable(UInt32)',
    comment: 'INP: of the quit beacon, else the largest increment',
    aggregate: 'coalesce(max(inp), max(inp_increment))',
  },
  {
    name: 'inp_is_final',
    type: 'Bool',
    comment: 'inp is the one of the quit beacon',
    aggregate: "CAST(count(inp) > 0, 'Bool')",
  },
  {
    name: 'inp_selector',
    type: 'String',
    comment: 'selector of the target of that interaction',
    taken: 'interaction',
  },
  {
    name: 'inp_at',
    type: 'Nullable(UInt32)',
    comment: 'when that interaction began, ms since navigation',
    taken: 'interaction',
  },
  {
    name: 'inp_type',
    type: 'String',
    comment: 'event of that interaction',
    taken: 'interaction',
  },
  {
    name: 'first_input_delay',
    type: 'Nullable(UInt32)',
    comment: 'FID, ms, whichever beacon brought it',
    aggregate: 'argMin(first_input_delay, _rank)',
  },
  { name: 'clicks', type: 'Nullable(UInt64)', comment: 'clicks', taken: 'sum' },
  { name: 'rage_clicks', type: 'Nullable(UInt64)', comment: 'rage clicks', taken: 'sum' },
  { name: 'keys', type: 'Nullable(UInt64)', comment: 'keys pressed', taken: 'sum' },
  { name: 'scrolls', type: 'Nullable(UInt64)', comment: 'scrolls', taken: 'sum' },
  {
    name: 'scroll_pct',
    type: 'Nullable(UInt32)',
    comment: 'way scrolled at most, in percent of the height of the page: may be above 100',
    taken: 'largest',
  },
  {
    name: 'error_count',
    type: 'Nullable(UInt64)',
    comment: 'JavaScript errors',
    taken: 'sum',
  },
];

/** Columns of one beacon that mean nothing for a page view. */
const LEFT_OUT: ReadonlySet<EventColumnName> = new Set<EventColumnName>([
  'journal_segment',
  'journal_offset',
  'batch_id',
  'rejected_fields',
  'received_at',
  'client_created_at',
  'is_page_view',
  'beacon_no',
  'http_initiator',
  'hostname',
  'session_id',
  'page_id',
  'cls_windowed',
  'cls_shift_at',
  'cls_shift_value',
  'inp_increment',
  'slow_events',
  'error_message',
  'error_type',
  'error_file',
  'error_line',
  'error_column',
  'error_messages',
  'boomerang_errors',
  'http_method',
  'http_error',
]);

/**
 * How columns that have the name of a column of the events table are made of its values in the beacons, as an expression over `x`.
 * The first six give the value in the describing beacon, NULL included. `argMin` passes over NULL, so numbers carry -1 (none of
 * ours is negative) and texts '' through it: three times as fast as a tuple (measured: 2 million beacons, 0.3 s and 1.0 s).
 */
export const TAKEN = {
  plain: 'argMin(x, _rank)',
  number: 'nullIf(argMin(ifNull(x, -1), _rank), -1)',
  // UInt64 has no common type with -1.
  wide: 'nullIf(toUInt64(argMin(ifNull(toInt64(x), -1), _rank)), 18446744073709551615)',
  text: "nullIf(argMin(ifNull(toString(x), ''), _rank), '')",
  moment: "nullIf(argMin(ifNull(x, toDateTime64(0, 3, 'UTC')), _rank), toDateTime64(0, 3, 'UTC'))",
  // front_basicrum_go stored 0 for a paint or a first byte that was missing.
  paint: 'nullIf(argMin(ifNull(if(_adopted, nullIf(x, 0), x), -1), _rank), -1)',
  largest: 'max(x)',
  // Of the interaction that INP speaks of: the one of `inp` where there is one, else the largest increment.
  interaction: 'argMax(tuple(x), (ifNull(inp, -1), ifNull(inp_increment, -1))).1',
  // Each beacon once, however often it was stored; an early one only when there is no other, because its content comes again
  // in the next one. NULL when no beacon has a value.
  sum: `if(count(x) = 0, NULL, arraySum(mapValues(if(countIf(${OTHERS}) > 0,
    maxMapIf(map(_beacon, assumeNotNull(x)), ${OTHERS} AND isNotNull(x)),
    maxMapIf(map(_beacon, assumeNotNull(x)), isNotNull(x))))))`,
} as const;

/** A way of `TAKEN`. */
export type TakenKind = keyof typeof TAKEN;

const PAINT_AND_FIRST_BYTE: ReadonlySet<string> = new Set([
  'first_paint',
  'first_contentful_paint',
  'largest_contentful_paint',
  'first_byte_duration',
]);

const describedKind = (name: string, type: string): TakenKind => {
  if (PAINT_AND_FIRST_BYTE.has(name)) return 'paint';
  if (!type.includes('Nullable(')) return 'plain';
  if (type.includes('String')) return 'text';
  if (type.includes('DateTime')) return 'moment';
  return type.includes('UInt64') ? 'wide' : 'number';
};

/** Aggregates give plain texts; making dictionaries of them again would cost every query. */
const withoutLowCardinality = (type: string): string =>
  type.replace(/LowCardinality\((Nullable\(String\)|String)\)/, '$1');

/**
 * The columns of a page view after its key (hostname, session_id, page_id), in the order of the events table where they are the
 * same: the names are those of the events table, so a query that was written for beacons works on page views.
 */
export const PAGE_VIEW_COLUMNS: readonly PageViewColumn[] = [
  ...SPECIAL,
  ...EVENT_COLUMNS.filter(
    ({ name }) => !LEFT_OUT.has(name) && !SPECIAL.some((special) => special.name === name),
  ).map(({ name, type, comment }) => ({
    name,
    type: withoutLowCardinality(type),
    comment,
    taken: describedKind(name, type),
  })),
];
