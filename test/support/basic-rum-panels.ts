/** What a panel is asked for: the filters on top of Basic RUM's dashboards. Days are whole, UTC. */
export interface PanelFilters {
  readonly table: string;
  /** Epoch seconds, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Empty: all. */
  readonly hostnames: readonly string[];
  readonly devices: readonly string[];
}

const list = (column: string, values: readonly string[]): string =>
  values.length === 0 ? '' : ` AND ${column} in(${values.map((value) => `'${value}'`).join(',')})`;

/** What Grafana's ClickHouse data source makes of `$timeFilter` with `event_date` and `created_at` as its columns. */
const time = ({ from, to }: PanelFilters): string =>
  `event_date >= toDate(${from}) AND event_date <= toDate(${to}) AND created_at >= toDateTime(${from}) AND created_at <= toDateTime(${to})`;

const days = ({ from, to }: PanelFilters): string => `t BETWEEN toDateTime(${from}) AND toDateTime(${to})`;

/** Rows "Mobile" and "Desktop": good, needs improvement and poor per day, days without data filled. */
export const barsPerDay = (
  f: PanelFilters,
  column: string,
  browser: string,
  good: number,
  poor: number,
): string =>
  `SELECT toDate(event_date) as t, countIf(${column} <= ${good}) as good, countIf(${column} > ${good} AND ${column} <= ${poor}) as needs_improvement,
   countIf(${column} > ${poor}) as poor FROM ${f.table}
   WHERE ${time(f)} AND event_type = 'visit_page' AND browser_name = '${browser}' AND ${column} is not null${list('hostname', f.hostnames)}
   GROUP BY t ORDER BY t WITH FILL FROM toDate(${f.from}) TO toDate(${f.to})`;

/** Rows "All pages" and "Landing pages": a histogram of one metric in one browser. `condition` is the panel's own limit. */
export const histogram = (
  f: PanelFilters,
  column: string,
  bucket: number,
  browser: string,
  condition: string,
  landing: boolean,
): string =>
  `SELECT intDiv(${column}, ${bucket}) * ${bucket} as value, sum(toUInt64(1)) as count FROM ${f.table}
   WHERE ${time(f)} AND event_type = 'visit_page'${condition === '' ? '' : ` AND ${condition}`}${landing ? ' AND session_length = 1' : ''}
   AND browser_name = '${browser}'${list('hostname', f.hostnames)} GROUP BY value ORDER BY value`;

/** "Metric": a histogram of the chosen metric on the chosen devices. */
export const metricHistogram = (f: PanelFilters, metric: string, bucket: number): string =>
  `SELECT intDiv(${metric}, ${bucket}) * ${bucket} as metric_value, sum(toUInt64(1)) as count FROM ${f.table}
   WHERE ${time(f)} AND ${metric} > 0 AND ${metric} < 10000 AND event_type = 'visit_page'${list('hostname', f.hostnames)}${list('device_type', f.devices)}
   GROUP BY metric_value ORDER BY metric_value`;

/** "75th percentile / day". */
export const percentilePerDay = (f: PanelFilters, metric: string): string =>
  `SELECT toDate(event_date) as t, quantile(0.75)(${metric}) as metic_75th_percentile FROM ${f.table}
   WHERE ${days(f)} AND event_type = 'visit_page'${list('device_type', f.devices)}${list('hostname', f.hostnames)} GROUP BY t`;

/** "75th percentile / day", second series: visits. */
export const visitsOfDevices = (f: PanelFilters): string =>
  `SELECT toDate(event_date) as t, count() as visits FROM ${f.table}
   WHERE ${days(f)} AND event_type = 'visit_page'${list('device_type', f.devices)}${list('hostname', f.hostnames)} GROUP BY t`;

/** "Bounce rate vs Metric". */
export const bounceRateByMetric = (f: PanelFilters, metric: string, bucket: number): string =>
  `SELECT bucket, ((bounced_sessions / all_sessions) * 100) as bounce_rate, all_sessions FROM (
     SELECT intDiv(metricInLandingPage, ${bucket}) * ${bucket} AS bucket, countIf(maxLength = 1) AS bounced_sessions, count() AS all_sessions FROM (
       SELECT session_id, max(session_length) AS maxLength, argMin(${metric}, created_at) AS metricInLandingPage FROM ${f.table}
       WHERE ${time(f)} AND event_type = 'visit_page' AND visibility_state = 'visible' AND ${metric} > 0${list('device_type', f.devices)}${list('hostname', f.hostnames)}
       GROUP BY session_id)
     GROUP BY bucket ORDER BY bucket ASC)`;

/** "75th percentile - 100 slowest Landing Pages" (in fact the most visited ones). */
export const slowestLandingPages = (f: PanelFilters, metric: string): string => {
  const landings = `event_type = 'visit_page' AND visibility_state = 'visible' AND session_length = 1${list('device_type', f.devices)}${list('hostname', f.hostnames)}`;
  return `SELECT rowNumberInAllBlocks() + 1 as "#", quantile(0.75)(${metric}) as 75th_percentile, url FROM ${f.table}
   WHERE ${time(f)} AND event_type = 'visit_page' AND url IN(SELECT url FROM(
     SELECT url, count() as count FROM ${f.table} WHERE ${time(f)} AND ${landings} GROUP BY url ORDER BY count DESC LIMIT 100))
   AND ${landings} GROUP BY url ORDER BY 75th_percentile DESC`;
};

/** "Impressions by Country": of all beacons and hosts. */
export const byCountry = (f: PanelFilters): string =>
  `SELECT geo_country_code as geohash, count() as cnt FROM ${f.table} WHERE ${time(f)} GROUP BY geohash`;

/** "Screen Widths". */
export const screenWidths = (f: PanelFilters): string =>
  `SELECT intDiv(screen_width, 100) * 100 as screen_width, sum(toUInt64(1)) as count FROM ${f.table}
   WHERE ${time(f)} AND event_type = 'visit_page' AND screen_width <= 2500${list('hostname', f.hostnames)}
   GROUP BY screen_width ORDER BY screen_width`;

/** "Visits per day". */
export const visitsPerDay = (f: PanelFilters): string =>
  `SELECT toDate(event_date) as t, countIf(device_type = 'mobile') as Mobile, countIf(device_type = 'desktop') as Desktop FROM ${f.table}
   WHERE ${time(f)} AND event_type = 'visit_page'${list('hostname', f.hostnames)} GROUP BY t ORDER BY t`;

/** "Device distribution per day". */
export const devicesPerDay = (f: PanelFilters): string =>
  `SELECT toDate(event_date) as t, countIf(device_type = 'desktop') as desktop, countIf(device_type = 'tablet') as tablet,
   countIf(device_type = 'mobile') as mobile, countIf(device_type = 'bot') as bot FROM ${f.table}
   WHERE ${days(f)} AND event_type = 'visit_page'${list('hostname', f.hostnames)} GROUP BY t`;

/** "Visits by OS": of all time and all hosts. */
export const visitsByOs = (f: PanelFilters): string =>
  `SELECT operating_system, count(1) as count FROM ${f.table} WHERE event_type = 'visit_page' GROUP BY operating_system ORDER BY count() DESC`;

const visible = (f: PanelFilters): string =>
  `${time(f)} AND event_type = 'visit_page' AND visibility_state = 'visible'${list('device_type', f.devices)}${list('hostname', f.hostnames)}`;

/** "Bounce rate" of some devices. */
export const bounceRatePerDay = (f: PanelFilters): string =>
  `SELECT event_date, bounce_rate FROM (
     SELECT event_date, count() AS all_sessions, countIf(max_length = 1) AS bounced_sessions, ((bounced_sessions / all_sessions) * 100) as bounce_rate FROM (
       SELECT event_date, session_id, max(session_length) AS max_length FROM ${f.table} WHERE ${visible(f)} GROUP BY event_date, session_id)
     GROUP BY event_date)`;

/** "Sessions per day" of some devices. */
export const sessionsPerDay = (f: PanelFilters): string =>
  `SELECT event_date, uniq(session_id) as sessions_per_day FROM ${f.table} WHERE ${visible(f)} GROUP BY event_date ORDER BY event_date`;
