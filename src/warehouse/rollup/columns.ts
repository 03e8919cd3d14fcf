import { bucketSql, type ScaleName } from './bucket-sql.ts';

/**
 * One column of the roll-up: a narrow row for each page view, which reports read instead of its beacons. `from` is an expression
 * over the columns of a page view (`PAGE_VIEW_COLUMNS` and its key), known as `page`.
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
 * (hash; 0: none was named), `is_bot` and `was_hidden` UInt8 (hidden while it loaded, so that it has no paint), `is_landing` UInt8 (first page of its
 * session), `is_bounce` UInt8 (the only page of its session as far as known), `has_quit` UInt8, `is_loaded` UInt8 (not left before it had
 * loaded), `errors` UInt32, `is_generated` UInt8 (made for the demo).
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

/** A column that is neither a dimension nor a bucket. */
export type FactColumn = (typeof ROLLUP_FACTS)[number];

const LABEL = 'LowCardinality(String)';
const FLAG = 'UInt8';

/** Longest text of a dimension, characters: everything comes from clients. */
const MAX_DIMENSION_LENGTH = 256;

/** The dimension by which pages name their version, and the mark of page views that were made for the demo. */
const RELEASE = "page.dimensions['release']";
const LANDING = "page.session_id != '' AND ifNull(page.session_length = 1, 0)";
const GENERATED = "page.dimensions['generated'] = 'demo'";

/**
 * Hash of a page view's key, over the beacons (`at` is `received_at`) as well as over the page view (`started_at`). A beacon without
 * `page_id` is a page view of its own, so its time is part of the key.
 */
export const viewHash = (table: string, at: 'received_at' | 'started_at'): string =>
  `cityHash64(${table}.hostname, ${table}.session_id, ${table}.page_id, if(${table}.page_id = '', toUnixTimestamp64Milli(${table}.${at}), 0))`;

/** Hash of a session's id; 0 when there is none. */
export const sessionHash = (table: string): string =>
  `if(${table}.session_id = '', 0, cityHash64(${table}.session_id))`;

const bounded = (expression: string): string => `leftUTF8(${expression}, ${MAX_DIMENSION_LENGTH})`;
const known = (expression: string): string => bounded(`ifNull(toString(${expression}), '')`);

/** Half-open ranges between edges, named as reports show them; '' for NULL. */
const ranges = (value: string, edges: readonly number[]): string => {
  const names = edges.map((edge, index) => {
    const next = edges[index + 1];
    return next === undefined ? `'${edge}+'` : `${value} < ${next}, '${edge}-${next}'`;
  });
  return `multiIf(isNull(${value}), '', ${names.join(', ')})`;
};

const DIMENSIONS: Readonly<Record<Dimension, readonly [comment: string, from: string]>> = {
  hostname: ['site', bounded('page.hostname')],
  url_path: ['path of the page', bounded('page.url_path')],
  page_group: ['page group', bounded('page.page_group')],
  page_type: ['type of page', bounded('page.page_type')],
  navigation: [
    'hard, soft or bfcache',
    "multiIf(page.described_by = 'spa', 'soft', page.described_by = 'bfcache', 'bfcache', 'hard')",
  ],
  navigation_type: [
    'navigate, reload, back_forward, prerender, soft, bfcache, other',
    bounded('page.navigation_type'),
  ],
  device: [
    'mobile, tablet, desktop, unknown',
    "if(page.device_type IN ('mobile', 'tablet', 'desktop'), page.device_type, 'unknown')",
  ],
  engine: [
    'Blink, WebKit, Gecko, other',
    "if(page.browser_engine IN ('Blink', 'WebKit', 'Gecko'), page.browser_engine, 'other')",
  ],
  browser: ['browser', bounded('page.browser_name')],
  browser_version: [
    'its major version',
    "leftUTF8(splitByChar('.', ifNull(page.browser_version, ''))[1], 16)",
  ],
  operating_system: ['operating system', bounded('page.operating_system')],
  country: ['country, ISO 3166-1 alpha-2', bounded('page.geo_country_code')],
  city: ['city', known('page.geo_city_name')],
  connection: ['effective connection type', known('page.mob_etype')],
  round_trip: [
    'estimated round trip, ms: 0-50, 50-100, 100-200, 200-400, 400+',
    ranges('page.mob_rtt', [0, 50, 100, 200, 400]),
  ],
  protocol: ['h1, h2, h3 or other', bounded('page.next_hop_protocol')],
  screen_width: [
    'screen, CSS pixels: 0-480, 480-768, 768-1024, 1024-1440, 1440-1920, 1920+',
    ranges('page.screen_width', [0, 480, 768, 1_024, 1_440, 1_920]),
  ],
  cpu_cores: ['logical processors', known('page.cpu_cnc')],
  device_memory: ['GiB', known('page.device_memory')],
  referrer_type: ['direct, internal, search, social or other', bounded('page.referrer_type')],
  referrer_host: ['host of the referrer', bounded('page.referrer_host')],
  utm_source: ['campaign source', bounded('page.utm_source')],
  utm_medium: ['campaign medium', bounded('page.utm_medium')],
  utm_campaign: ['campaign name', bounded('page.utm_campaign')],
  ab_group: ['bucket of an A/B test', bounded('page.ab_group')],
  release: ['dimension `release`', bounded(RELEASE)],
  boomerang_version: ['version of Boomerang', bounded('page.boomerang_version')],
  lcp_selector: ['selector of the LCP element', bounded('page.lcp_selector')],
  inp_selector: ['selector of the target of INP', bounded('page.inp_selector')],
  cls_selector: ['selector of the first source of the largest shift', bounded('page.cls_selector')],
};

const BUCKETS: Readonly<Record<BucketColumn, readonly [scale: ScaleName, from: string]>> = {
  lcp: ['_durations', 'page.largest_contentful_paint'],
  inp: ['_durations', 'page.inp'],
  cls: ['_shifts', 'page.cls'],
  fcp: ['_durations', 'page.first_contentful_paint'],
  ttfb: ['_durations', 'page.first_byte_duration'],
  lcp_ttfb: ['_durations', 'page.lcp_ttfb'],
  lcp_load_delay: ['_durations', 'page.lcp_load_delay'],
  lcp_load_duration: ['_durations', 'page.lcp_load_duration'],
  lcp_render_delay: ['_durations', 'page.lcp_render_delay'],
};

/** `_continued`: hashes of the sessions that went on to a second page, defined by the statement around. */
const FACTS: Readonly<Record<FactColumn, readonly [type: string, comment: string, from: string]>> = {
  started_at: ["DateTime('UTC')", 'when the page view began', 'toDateTime(page.started_at)'],
  view: ['UInt64', "hash of the page view's key", viewHash('page', 'started_at')],
  session: ['UInt64', 'hash of the session; 0: none', sessionHash('page')],
  is_bot: [FLAG, 'a crawler, monitor or script', 'toUInt8(page.is_bot)'],
  was_hidden: [
    FLAG,
    'hidden while it loaded, so that it has no paint',
    'toUInt8(page.hidden_at_load AND isNull(page.first_paint) AND isNull(page.first_contentful_paint))',
  ],
  is_landing: [FLAG, 'first page of its session', `toUInt8(${LANDING})`],
  is_bounce: [
    FLAG,
    'only page of its session as far as known',
    `toUInt8(${LANDING} AND ${sessionHash('page')} NOT IN (SELECT session FROM _continued))`,
  ],
  has_quit: [FLAG, 'its quit beacon arrived', 'toUInt8(page.has_quit)'],
  is_loaded: [FLAG, 'not left before it had loaded', 'toUInt8(NOT page.abandoned)'],
  errors: ['UInt32', 'JavaScript errors', 'toUInt32(least(ifNull(page.error_count, 0), 4294967295))'],
  is_generated: [FLAG, 'made for the demo', `toUInt8(${GENERATED})`],
};

/** All columns that a source has, in order. */
export const ROLLUP_COLUMNS: readonly RollupColumn[] = [
  ...ROLLUP_DIMENSIONS.map((name) => {
    const [comment, from] = DIMENSIONS[name];
    return { name, type: LABEL, comment, from: `toLowCardinality(${from})` };
  }),
  ...ROLLUP_BUCKETS.map((name) => {
    const [scale, from] = BUCKETS[name];
    return { name, type: 'UInt16', comment: `bucket of ${name}; 0: no value`, from: bucketSql(scale, from) };
  }),
  ...ROLLUP_FACTS.map((name) => {
    const [type, comment, from] = FACTS[name];
    return { name, type, comment, from };
  }),
];
