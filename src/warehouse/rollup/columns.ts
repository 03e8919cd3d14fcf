/**
 * One column of the roll-up: a narrow row for each page view, which reports read instead of its beacons. `from` is an expression
 * over the columns of a page view (`PAGE_VIEW_COLUMNS` and its key).
 */
export interface RollupColumn {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
  readonly comment: string;
  readonly from: string;
}

/**
 * Names of the columns that reports may ask. `dimension`: a text by which they group and filter, empty when not known. `bucket`: number
 * of a bucket of the vital's scale (`#vitals`), 0 without a value. The rest is of the page view itself.
 */
export const ROLLUP_DIMENSIONS = [
  'hostname',
  'url_path',
  'page_group',
  'page_type',
  'navigation', // hard: navigate, reload, back_forward, prerender, other; soft: spa; bfcache
  'navigation_type',
  'device', // mobile, tablet, desktop, unknown
  'engine', // Blink, WebKit, Gecko, other
  'browser',
  'browser_version', // major
  'operating_system',
  'country', // ISO 3166-1 alpha-2
  'city',
  'connection', // effective connection type
  'round_trip', // 0-50, 50-100, 100-200, 200-400, 400+ ms
  'protocol', // h1, h2, h3
  'screen_width', // 0-480, 480-768, 768-1024, 1024-1440, 1440-1920, 1920+
  'cpu_cores',
  'device_memory',
  'referrer_type',
  'referrer_host',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'ab_group',
  'release', // what the page names as its version: dimension `release`, else ''
  'boomerang_version',
  'lcp_selector',
  'inp_selector',
  'cls_selector',
] as const;

/** A dimension of reports. */
export type Dimension = (typeof ROLLUP_DIMENSIONS)[number];

/** Columns with bucket numbers (UInt16): the vitals, and the parts of LCP (scale of durations). */
export const ROLLUP_BUCKETS = [
  'lcp',
  'inp',
  'cls',
  'fcp',
  'ttfb',
  'lcp_ttfb',
  'lcp_load_delay',
  'lcp_load_duration',
  'lcp_render_delay',
] as const;

/** A column with bucket numbers. */
export type BucketColumn = (typeof ROLLUP_BUCKETS)[number];

/**
 * Besides those: `started_at` DateTime('UTC'), `view` UInt64 (hash of the page view's key, with which its page is found again), `session` UInt64
 * (hash), `is_bot` and `was_hidden` UInt8, `is_landing` UInt8 (first page of its session), `is_bounce` UInt8 (the only page of its session as far as
 * known), `has_quit` UInt8, `is_loaded` UInt8 (not left before it had loaded), `errors` UInt32, `is_generated` UInt8 (made for the demo).
 */
export const ROLLUP_FACTS = [
  'started_at',
  'view',
  'session',
  'is_bot',
  'was_hidden',
  'is_landing',
  'is_bounce',
  'has_quit',
  'is_loaded',
  'errors',
  'is_generated',
] as const;
