/** What a bench printed as its last line. */
export type Figures = Readonly<Record<string, unknown>>;

/** A goal for one figure of a bench. */
interface Goal {
  readonly bench: string;
  readonly what: string;
  readonly goal: string;
  /** The figure; NaN: the bench did not print it. */
  readonly figure: (figures: Figures) => number;
  readonly unit: string;
  readonly isMet: (figure: number) => boolean;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
const named =
  (name: string) =>
  (figures: Figures): number =>
    number(figures[name]);
const atLeast =
  (least: number) =>
  (figure: number): boolean =>
    figure >= least;
const atMost =
  (most: number) =>
  (figure: number): boolean =>
    figure <= most;
/** Values of an object of numbers, ascending. */
const sorted = (value: unknown): readonly number[] =>
  Object.values((value ?? {}) as Readonly<Record<string, unknown>>)
    .map(number)
    .toSorted((a, b) => a - b);
const percentile = (values: readonly number[], percent: number): number =>
  values[Math.min(values.length - 1, Math.ceil((values.length * percent) / 100) - 1)] ?? Number.NaN;

const goal = (
  bench: string,
  what: string,
  figure: Goal['figure'],
  [text, isMet]: readonly [string, Goal['isMet']],
  unit = '',
): Goal => ({ bench, what, figure, goal: text, isMet, unit });
const least = (value: number, unit = ''): readonly [string, Goal['isMet']] => [
  `≥ ${value.toLocaleString('en')}${unit}`,
  atLeast(value),
];
const most = (value: number, unit = ''): readonly [string, Goal['isMet']] => [
  `≤ ${value.toLocaleString('en')}${unit}`,
  atMost(value),
];

const GOALS: readonly Goal[] = [
  goal('collector', 'durable 204s on one core, of bare `node:http`', named('ratio_to_bare'), least(0.6)),
  goal('collector', 'the same with 10,000 tenants, of one tenant', named('ratio_10000_tenants'), least(0.9)),
  goal('collector', 'p99 at 1,000/s with fdatasync', named('p99_ms_at_1000'), most(20, ' ms'), ' ms'),
  goal('collector', 'memory of the collector', named('peak_rss_mb'), most(200, ' MB'), ' MB'),
  goal('loader', 'journal to rows, one core', named('one_core_per_second'), least(10_000, '/s'), '/s'),
  goal('loader', 'times as fast as 2,000/s arrive', named('loaded_to_arriving'), least(5)),
  goal(
    'loader',
    'memory of loader and engine together',
    named('together_peak_mb'),
    most(1_000, ' MB'),
    ' MB',
  ),
  goal('freshness', 'p99 from 204 to a row, 200/s', named('p99_ms'), most(3_000, ' ms'), ' ms'),
  goal(
    'start',
    'first 204, 100 tenants, 1 GB of journal',
    named('first_204_ms_all'),
    most(1_500, ' ms'),
    ' ms',
  ),
  goal('resolution', 'resolution, 1,000 tenants, 1,000 rules', named('slowest_us'), most(5, ' µs'), ' µs'),
  goal('gateway', 'in process, of bare `node:http`', named('local_rate_ratio_to_bare'), least(0.4)),
  goal('gateway', 'in process, added p50', named('local_added_p50_ms'), most(0.15, ' ms'), ' ms'),
  goal('gateway', 'proxied, of a plain undici proxy', named('proxy_rate_ratio_to_plain'), least(0.75)),
  goal(
    'gateway',
    'memory for a stream of 1 GB',
    (figures) => Math.max(number(figures['stream_down_mb']), number(figures['stream_up_mb'])),
    most(64, ' MB'),
    ' MB',
  ),
  goal(
    'reports',
    'p75 of all requests, 10 M page views',
    (figures) => percentile(sorted(figures['p75_ms']), 75),
    most(300, ' ms'),
    ' ms',
  ),
  goal(
    'reports',
    'p75 of the slowest request',
    (figures) => percentile(sorted(figures['p75_ms']), 100),
    most(300, ' ms'),
    ' ms',
  ),
  goal(
    'back-office',
    'first chart of the slowest page, 10 M page views, warm',
    named('first_chart_slowest_page_ms'),
    most(1_000, ' ms'),
    ' ms',
  ),
  goal('back-office', 'LCP on a slow phone, p75', named('phone_lcp_p75_ms'), most(2_500, ' ms'), ' ms'),
  goal('back-office', 'INP on a slow phone, p75', named('phone_inp_p75_ms'), most(200, ' ms'), ' ms'),
  goal('back-office', 'script of the first load', named('script_kb'), most(300, ' KB'), ' KB'),
];

/** The goals beside what the benches printed last, as a table; benches without a result are not in it. */
export const goalsTable = (results: ReadonlyMap<string, Figures>): string =>
  [
    '| bench | what | goal | figure | met |',
    '|---|---|---|---|---|',
    ...GOALS.flatMap(({ bench, what, goal: text, figure, unit, isMet }) => {
      const figures = results.get(bench);
      if (figures === undefined) return [];
      const value = figure(figures);
      const shown = Number.isNaN(value)
        ? 'not printed'
        : `${Number(value.toPrecision(4)).toLocaleString('en')}${unit}`;
      return [`| ${bench} | ${what} | ${text} | ${shown} | ${isMet(value) ? 'yes' : 'no'} |`];
    }),
  ].join('\n');
