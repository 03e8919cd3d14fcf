/** One column of a table, as migrations, the row encoder and the reference page see it. */
export interface Column {
  readonly name: string;
  /** ClickHouse type. `ColumnType` lists those that the row encoder writes. */
  readonly type: ColumnType;
  /** What it holds, its unit, and what NULL or empty means. */
  readonly comment: string;
  /** `CODEC(…)` arguments; null: the server's default. */
  readonly codec: string | null;
  /** Number of the migration that adds it. */
  readonly since: number;
}

type Text = 'String' | 'LowCardinality(String)' | 'LowCardinality(Nullable(String))' | 'Nullable(String)';
type Whole = 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64' | 'Int32';
type Fraction = 'Float32' | 'Float64';
type Moment = 'Date' | "DateTime('UTC')" | "DateTime64(3, 'UTC')";
type Scalar = Whole | Fraction | Moment | 'Bool';

/** The ClickHouse types in use. */
export type ColumnType =
  | Text
  | Scalar
  | `Nullable(${Scalar})`
  | `Array(${'String' | 'LowCardinality(String)' | Whole | Fraction})`
  | `Map(LowCardinality(String), ${'String' | Whole | Fraction})`;

/** The value that a row carries for a ClickHouse type. Moments are epoch milliseconds (a `Date` too: its first one). */
export type ColumnValue<T extends string> = T extends `Nullable(${infer Inner})`
  ? ColumnValue<Inner> | null
  : T extends `LowCardinality(${infer Inner})`
    ? ColumnValue<Inner>
    : T extends `Array(${infer Inner})`
      ? readonly ColumnValue<Inner>[]
      : T extends `Map(LowCardinality(String), ${infer Inner})`
        ? ReadonlyMap<string, ColumnValue<Inner>>
        : T extends 'String'
          ? string
          : T extends 'Bool'
            ? boolean
            : T extends 'UInt64'
              ? number | bigint
              : number;

const column = <const N extends string, const T extends ColumnType>(
  name: N,
  type: T,
  comment: string,
  codec: string | null = null,
  since = 1,
) => ({ name, type, comment, codec, since });

const DURATION = 'Nullable(UInt32)';
const COUNT = 'Nullable(UInt32)';
const BYTES = 'Nullable(UInt64)';
const LABEL = 'LowCardinality(String)';
const OPTIONAL_LABEL = 'LowCardinality(Nullable(String))';
const MOMENT = "DateTime64(3, 'UTC')";

/**
 * The columns of `<prefix>_webperf_rum_events`, in the order in which rows are encoded: the one source for migrations, the row
 * encoder, `EventRow` and `docs/reference/columns.md`. Columns that Basic RUM has carry its name (its dashboards query
 * them); types are wider. One row is one beacon. Durations are milliseconds; missing is NULL (empty for text that is not
 * nullable), never 0.
 */
export const EVENT_COLUMNS = [
  // Identity: which beacon, from where.
  column(
    'journal_segment',
    'UInt64',
    'segment of the journal; with journal_offset the identity of the beacon',
  ),
  column('journal_offset', 'UInt64', 'byte offset of the beacon in its segment', 'Delta, ZSTD(1)'),
  column('batch_id', 'UInt64', 'the insert that brought this row'),
  column('brum_trace', LABEL, 'trace that named the tenant'),
  column('rejected_fields', 'Array(LowCardinality(String))', 'fields whose value was refused or an outlier'),

  // When.
  column(
    'received_at',
    MOMENT,
    'when the collector had the whole beacon; never from the client',
    'Delta, ZSTD(1)',
  ),
  column('event_date', 'Date', 'day of created_at, UTC'),
  column(
    'created_at',
    "DateTime('UTC')",
    'received_at in seconds; of an import: when it was first received',
    'Delta, ZSTD(1)',
  ),
  column(
    'client_created_at',
    `Nullable(${MOMENT})`,
    'created_at as the client sent it, when within a day of received_at',
  ),

  // What kind of beacon.
  column(
    'event_type',
    LABEL,
    'visit_page, quit_page, xhr, spa, spa_hard, error, interaction, bfcache, early, custom, other',
  ),
  column(
    'is_page_view',
    'Bool',
    'counts as a page view: load, spa, spa_hard, bfcache, or a quit that carries the load',
  ),
  column('abandoned', 'Bool', 'the visitor left before the page had loaded'),
  column('beacon_no', 'Nullable(UInt16)', 'number of the beacon in its page, from 1'),
  column('http_initiator', LABEL, 'http.initiator as sent; empty: page load'),
  column('boomerang_version', LABEL, 'version of Boomerang'),
  column('loader_method', LABEL, 'how Boomerang was loaded: p preload, i iframe, s script'),

  // Where.
  column(
    'hostname',
    LABEL,
    'host of url, lower case, punycode, no port; empty: the address could not be read',
  ),
  column(
    'url',
    'String',
    'page address (of an xhr: its address), at most 2048 characters, without credentials and fragment',
    'ZSTD(3)',
  ),
  column('url_path', 'String', 'path of url', 'ZSTD(3)'),
  column('url_query', 'String', 'query of url without ?; empty when queries are not kept', 'ZSTD(3)'),
  column('page_url', 'String', 'page address when url is something else (pgu)', 'ZSTD(3)'),
  column('next_url', 'String', 'address that the visitor goes to (nu)', 'ZSTD(3)'),
  column('referrer_host', LABEL, 'host of the referrer; empty: none'),
  column('referrer_type', LABEL, 'direct, internal, search, social or other'),
  column('page_group', LABEL, 'group named by the page, else by the rules on the path'),
  column('page_type', LABEL, 'type of page as the shop or blog system names it (p_type)'),
  column('generator', LABEL, 'system that made the page (p_gen)'),
  column('ab_group', LABEL, 'bucket of an A/B test'),
  column('utm_source', LABEL, 'campaign source'),
  column('utm_medium', LABEL, 'campaign medium'),
  column('utm_campaign', LABEL, 'campaign name'),

  // Session and page.
  column('session_id', 'String', 'session (rt.si); empty: none'),
  column('session_start', `Nullable(${MOMENT})`, 'start of the session, client clock'),
  column('session_length', COUNT, 'pages in the session up to now; 1 is a landing page'),
  column('page_id', 'String', 'id of the page life (pid); unique with hostname and session_id only'),

  // Navigation.
  column(
    'navigation_type',
    LABEL,
    'navigate, reload, back_forward, bfcache, prerender, soft, other; empty: not told',
  ),
  column('next_hop_protocol', LABEL, 'h1, h2, h3 or other; empty: not told'),
  column('redirects_count', 'Nullable(UInt16)', 'redirects'),
  column('redirect_duration', DURATION, 'redirects, ms'),
  column(
    'stall_duration',
    DURATION,
    'from start to fetch without redirects, ms: queueing, unload of the old page',
  ),
  column('worker_duration', DURATION, 'start of the service worker to fetch, ms'),
  column('dns_duration', DURATION, 'DNS, ms; 0: connection reused or cached'),
  column('connect_duration', DURATION, 'TCP and TLS, ms'),
  column('tcp_duration', DURATION, 'TCP without TLS, ms'),
  column('tls_duration', DURATION, 'TLS, ms; NULL without TLS'),
  column('request_duration', DURATION, 'request to first byte, ms'),
  column('first_byte_duration', DURATION, 'TTFB: start (activation of a prerendered page) to first byte, ms'),
  column('download_duration', DURATION, 'first to last byte, ms'),
  column('activation_duration', DURATION, 'prerendered for so long before it was shown, ms'),
  column('dom_interactive', DURATION, 'start to DOM interactive, ms'),
  column('dcl', DURATION, 'start to end of DOMContentLoaded, ms'),
  column('dom_complete', DURATION, 'start to DOM complete, ms'),
  column('load_event_end', DURATION, 'start to end of the load event, ms'),
  column(
    'load_time',
    DURATION,
    't_done: start to loaded (or end of an xhr or route), ms; NULL where a quit beacon repeats it',
  ),
  column('backend_time', DURATION, 't_resp: start to first byte, ms; NULL where a quit beacon repeats it'),
  column('frontend_time', DURATION, 't_page: first byte to loaded, ms; NULL where a quit beacon repeats it'),
  column('document_encoded_bytes', BYTES, 'body of the document as sent'),
  column('document_decoded_bytes', BYTES, 'body of the document, uncompressed'),
  column('document_transfer_bytes', BYTES, 'document with headers on the wire; 0: from cache'),

  // Paint.
  column('first_paint', DURATION, 'FP, ms; NULL when the page was hidden'),
  column('first_contentful_paint', DURATION, 'FCP, ms; NULL when the page was hidden'),
  column('largest_contentful_paint', DURATION, 'LCP at the load beacon, ms; NULL when the page was hidden'),
  column('lcp_element', LABEL, 'tag of the LCP element'),
  column('lcp_selector', 'String', 'selector of the LCP element'),
  column('lcp_url', 'String', 'image of the LCP element, host and path'),
  column('lcp_size', 'Nullable(UInt64)', 'area of the LCP element, CSS pixels squared'),
  column('lcp_ttfb', DURATION, 'part of LCP: to the first byte of the document, ms'),
  column('lcp_load_delay', DURATION, 'part of LCP: from there to the start of the image, ms (0 for text)'),
  column('lcp_load_duration', DURATION, 'part of LCP: download of the image, ms (0 for text)'),
  column('lcp_render_delay', DURATION, 'part of LCP: from there to the paint, ms'),

  // Stability.
  column('cumulative_layout_shift', 'Nullable(Float32)', 'c.cls: sum of shifts since the beacon before'),
  column(
    'cls_windowed',
    'Nullable(Float32)',
    'largest session window (gap 1 s, at most 5 s) of the shifts in this beacon',
  ),
  column('cls_shift_at', 'Array(UInt32)', 'start of each shift, ms since navigation'),
  column(
    'cls_shift_value',
    'Array(Float32)',
    'value of each shift, beside cls_shift_at: windows over the beacons of a page',
  ),
  column('cls_top', 'Nullable(Float32)', 'largest single shift'),
  column('cls_selector', 'String', 'selector of the first source of the largest shift'),

  // Responsiveness.
  column('inp', DURATION, 'INP of the page, ms; on the quit beacon only'),
  column('inp_increment', DURATION, 'INP since the beacon before, ms'),
  column('inp_selector', 'String', 'selector of the target of inp, else of inp_increment'),
  column('inp_at', DURATION, 'when that interaction began, ms since navigation'),
  column('inp_type', LABEL, 'event of that interaction: click, keydown, …'),
  column('first_input_delay', DURATION, 'FID, ms'),
  column('slow_events', COUNT, 'events of 16 ms and more that the beacon lists'),
  column('time_to_interactive', DURATION, 'TTI, ms'),
  column('time_to_visually_ready', DURATION, 'visually ready, ms'),
  column('time_to_first_interaction', DURATION, 'start to first interaction, ms'),
  column('long_tasks', COUNT, 'long tasks'),
  column('long_tasks_duration', DURATION, 'long tasks together, ms'),
  column('busy_pct', 'Nullable(Float32)', 'main thread busy, percent'),
  column('fps', 'Nullable(Float32)', 'mean frames per second'),
  column('fps_min', 'Nullable(Float32)', 'least frames per second'),
  column('long_frames', COUNT, 'frames of 50 ms and more'),

  // Behaviour since the beacon before.
  column('clicks', COUNT, 'clicks'),
  column('rage_clicks', COUNT, 'rage clicks'),
  column('keys', COUNT, 'keys pressed'),
  column('scrolls', COUNT, 'scrolls'),
  column(
    'scroll_pct',
    COUNT,
    'way scrolled, up and down, in percent of the height of the page: may be above 100',
  ),
  column('visibility_state', LABEL, 'visible, hidden, prerender, unloaded: when the beacon was sent'),
  column('was_hidden', 'Bool', 'hidden at some time before the beacon'),

  // Resources, from restiming; the document itself is not counted.
  column('res_count', COUNT, 'fetches'),
  column('res_bytes', BYTES, 'bytes on the wire; cross-origin without Timing-Allow-Origin count 0'),
  column('res_encoded_bytes', BYTES, 'bodies as sent'),
  column('res_decoded_bytes', BYTES, 'bodies, uncompressed'),
  column('res_script_count', COUNT, 'scripts'),
  column('res_script_bytes', BYTES, 'scripts, bytes on the wire'),
  column('res_css_count', COUNT, 'style sheets'),
  column('res_css_bytes', BYTES, 'style sheets, bytes on the wire'),
  column('res_img_count', COUNT, 'images'),
  column('res_img_bytes', BYTES, 'images, bytes on the wire'),
  column('res_font_count', COUNT, 'fonts'),
  column('res_font_bytes', BYTES, 'fonts, bytes on the wire'),
  column('res_xhr_count', COUNT, 'XMLHttpRequest and fetch'),
  column('res_xhr_bytes', BYTES, 'XMLHttpRequest and fetch, bytes on the wire'),
  column('res_other_count', COUNT, 'everything else'),
  column('res_other_bytes', BYTES, 'everything else, bytes on the wire'),
  column('res_third_party_count', COUNT, 'fetches from other sites'),
  column('res_third_party_bytes', BYTES, 'fetches from other sites, bytes on the wire'),
  column('res_third_party_hosts', COUNT, 'host names of other sites'),
  column('res_cached_count', COUNT, 'fetches answered by the cache'),
  column(
    'restiming',
    'String',
    'restiming as sent (JSON), for the waterfall; empty: none or too large',
    'ZSTD(3)',
  ),

  // Errors.
  column('error_count', COUNT, 'JavaScript errors in the beacon'),
  column('error_message', 'String', 'message of the first one, at most 512 characters'),
  column('error_type', LABEL, 'type of the first one: TypeError, …'),
  column('error_file', 'String', 'file of the first one, host and path'),
  column('error_line', COUNT, 'line of the first one'),
  column('error_column', COUNT, 'column of the first one'),
  column('error_messages', 'Array(String)', 'messages of all of them, at most 10'),
  column('boomerang_errors', 'String', "Boomerang's own errors"),
  column('http_method', LABEL, 'method of an xhr; empty: GET'),
  column(
    'http_error',
    'Nullable(Int32)',
    'status of 400 and more, or -997 open, -998 network, -999 abort, -1001 timeout',
  ),

  // Device.
  column('device_type', LABEL, 'mobile, tablet, desktop, bot, unknown'),
  column('device_manufacturer', OPTIONAL_LABEL, 'brand'),
  column('device_model', OPTIONAL_LABEL, 'model'),
  column('operating_system', LABEL, 'operating system, Other when not known'),
  column('operating_system_version', 'Nullable(String)', 'its version'),
  column(
    'browser_name',
    LABEL,
    "browser as uap-core names it: 'Chrome', 'Chrome Mobile', 'Mobile Safari', …; Other when not known",
  ),
  column('browser_version', 'Nullable(String)', 'its version'),
  column('browser_engine', LABEL, 'Blink, Gecko, WebKit, …'),
  column('is_bot', 'Bool', 'a crawler, monitor or script by its user agent'),
  column(
    'user_agent',
    'Nullable(String)',
    'user agent, at most 512 characters; NULL when not kept',
    'ZSTD(3)',
  ),
  column('ua_vnd', OPTIONAL_LABEL, 'navigator.vendor'),
  column('ua_plt', OPTIONAL_LABEL, 'navigator.platform'),
  column('geo_country_code', LABEL, 'country, ISO 3166-1 alpha-2 (T1: Tor); empty: not known'),
  column('geo_city_name', 'Nullable(String)', 'city'),
  column('screen_width', 'Nullable(UInt16)', 'screen, CSS pixels'),
  column('screen_height', 'Nullable(UInt16)', 'screen, CSS pixels'),
  column('scr_bpp', 'Nullable(String)', 'depth/pixel depth'),
  column('scr_orn', 'Nullable(String)', 'angle/orientation type'),
  column('orientation', LABEL, 'portrait or landscape; empty: not told'),
  column('dpr', 'Nullable(Float32)', 'device pixels per CSS pixel; sent above 1 only'),
  column('touch_points', 'Nullable(UInt16)', 'touch points'),
  column('device_memory', 'Nullable(Float32)', 'GiB, rounded by the browser'),
  column('cpu_cnc', 'Nullable(UInt16)', 'logical processors'),
  column('mob_ct', LABEL, 'connection type: wifi, cellular, …'),
  column('mob_etype', OPTIONAL_LABEL, 'effective connection type: slow-2g, 2g, 3g, 4g'),
  column('mob_dl', 'Nullable(Float32)', 'estimated downlink, Mbit/s'),
  column('mob_rtt', DURATION, 'estimated round trip, ms'),
  column('data_saver_on', 'Nullable(UInt8)', '1: the visitor asked to save data'),
  column('bandwidth', BYTES, 'measured bandwidth, bytes/s'),
  column('latency', DURATION, 'measured latency, ms'),

  // Memory and document.
  column('mem_total', BYTES, 'JavaScript heap'),
  column('mem_limit', BYTES, 'limit of the heap'),
  column('mem_used', BYTES, 'heap in use'),
  column('mem_lsln', COUNT, 'items in localStorage'),
  column('mem_ssln', COUNT, 'items in sessionStorage'),
  column('mem_lssz', BYTES, 'size of localStorage, characters'),
  column('mem_sssz', BYTES, 'size of sessionStorage, characters'),
  column('dom_res', COUNT, 'resources that the browser lists'),
  column('dom_doms', COUNT, 'domains of the resources'),
  column('dom_ln', COUNT, 'DOM nodes'),
  column('dom_sz', COUNT, 'HTML, characters'),
  column('dom_ck', COUNT, 'cookies, characters'),
  column('dom_img', COUNT, 'images'),
  column('dom_img_ext', COUNT, 'images with an address'),
  column('dom_img_uniq', COUNT, 'different images'),
  column('dom_script', COUNT, 'scripts'),
  column('dom_script_ext', COUNT, 'scripts with an address'),
  column('dom_script_uniq', COUNT, 'different scripts'),
  column('dom_iframe', COUNT, 'frames'),
  column('dom_iframe_ext', COUNT, 'frames with an address'),
  column('dom_iframe_uniq', COUNT, 'different frames'),
  column('dom_link', COUNT, 'link elements'),
  column('dom_link_css', COUNT, 'style sheet links'),
  column('dom_link_css_uniq', COUNT, 'different style sheet links'),

  // Whatever else the page said.
  column(
    'timers',
    'Map(LowCardinality(String), UInt32)',
    'custom timers, marks and measures, ms: t_other, ctim.*, usertiming',
  ),
  column('dimensions', 'Map(LowCardinality(String), String)', 'custom dimensions: cdim.*'),
  column('custom_metrics', 'Map(LowCardinality(String), Float64)', 'custom metrics: cmet.*'),
  column(
    'other',
    'Map(LowCardinality(String), String)',
    'parameters without a column, and the lists of Boomerang that are decoded when they are read; as sent, bounded',
    'ZSTD(3)',
  ),
] as const;

/** Name of a column of the events table. */
export type EventColumnName = (typeof EVENT_COLUMNS)[number]['name'];

/** One row of the events table: every column, as `ColumnValue` says. */
export type EventRow = {
  readonly [C in (typeof EVENT_COLUMNS)[number] as C['name']]: ColumnValue<C['type']>;
};

/** The columns of `<prefix>_webperf_rum_hostnames`: the sites of a tenant and when each was last seen. */
export const HOSTNAME_COLUMNS = [
  column('hostname', LABEL, 'host name, as in the events table'),
  column('updated_at', MOMENT, 'received_at of its last beacon'),
] as const;
