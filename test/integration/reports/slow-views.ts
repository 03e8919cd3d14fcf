import type { Dimension, EventRow } from '#warehouse';
import type { SlowView } from './slow.ts';

/* Page views from the raw rows by the obvious way: lists, loops and sorting, nothing shared with the product. */

/** A page view and the rows that it was put together from. */
export interface StitchedView extends SlowView {
  readonly dimensions: Readonly<Record<Dimension, string>>;
  readonly hostname: string;
  readonly pageId: string;
  readonly isHidden: boolean;
  readonly isLoaded: boolean;
  readonly hasQuit: boolean;
  /** The four parts of LCP, ms. */
  readonly parts: readonly (number | null)[];
  /** As a page told why it did not come back; '': it did not tell. */
  readonly reasons: string;
  /** The row that describes it. */
  readonly described: EventRow;
  /** Its rows by time; one that was stored twice is there twice. */
  readonly rows: readonly EventRow[];
}

/** The page views that these beacons are of, by time. */
export const stitch = (rows: readonly EventRow[]): readonly StitchedView[] => {
  const goesOn = new Set(rows.filter((row) => (row.session_length ?? 0) > 1).map((row) => row.session_id));
  return [...Map.groupBy(rows, keyOf).values()]
    .filter((own) => own.some((row) => kindOf(row) < NONE))
    .map((own) => viewOf(own, goesOn))
    .toSorted((a, b) => a.startedAt - b.startedAt);
};

/** Beacons of one page life; one that names no page stands alone. */
const keyOf = (row: EventRow): string =>
  JSON.stringify([
    row.hostname,
    row.session_id,
    row.page_id,
    ...(row.page_id === '' ? [String(row.journal_segment), String(row.journal_offset), row.received_at] : []),
  ]);

const NONE = 3;

/** How well a beacon describes its page view: less is better. */
const kindOf = (row: EventRow): number => {
  if (row.event_type === 'early') return 2;
  if (!row.is_page_view) return NONE;
  return row.event_type === 'spa' || row.event_type === 'bfcache' ? 1 : 0;
};

const viewOf = (own: readonly EventRow[], goesOn: ReadonlySet<string>): StitchedView => {
  const [described] = own.toSorted(
    (a, b) =>
      kindOf(a) - kindOf(b) ||
      (a.beacon_no ?? 65_535) - (b.beacon_no ?? 65_535) ||
      a.received_at - b.received_at,
  );
  if (described === undefined) throw new Error('a page view has a beacon');
  const laterOnes = own.filter((row) => row.event_type !== 'early');
  const telling = laterOnes.length > 0 ? laterOnes : own;
  const fcp = paintOf(described, described.first_contentful_paint);
  return {
    startedAt: Math.min(...telling.map((row) => row.received_at)),
    hostname: described.hostname,
    session: described.session_id,
    pageId: described.page_id,
    sessionLength: described.session_length,
    isBounce:
      described.session_id !== '' && described.session_length === 1 && !goesOn.has(described.session_id),
    isBot: described.is_bot,
    isGenerated: described.dimensions.get('generated') === 'demo',
    navigation: navigationOf(described),
    dimensions: dimensionsOf(own, described),
    vitals: {
      lcp: paintOf(described, described.largest_contentful_paint),
      inp: largest(own.map((row) => row.inp)) ?? largest(own.map((row) => row.inp_increment)),
      cls: shiftOf(own, telling),
      fcp,
      ttfb: paintOf(described, described.first_byte_duration),
    },
    // Who painted was not hidden.
    isHidden: described.was_hidden && fcp === null && paintOf(described, described.first_paint) === null,
    isLoaded: !own.some((row) => row.abandoned),
    hasQuit: own.some((row) => row.event_type === 'quit_page'),
    parts: [
      described.lcp_ttfb,
      described.lcp_load_delay,
      described.lcp_load_duration,
      described.lcp_render_delay,
    ],
    reasons: own.find((row) => row.other.has('bfc.nrr'))?.other.get('bfc.nrr') ?? '',
    described,
    rows: own.toSorted(
      (a, b) => a.received_at - b.received_at || Number(a.journal_offset) - Number(b.journal_offset),
    ),
  };
};

const navigationOf = ({ event_type }: EventRow): SlowView['navigation'] => {
  if (event_type === 'spa') return 'soft';
  return event_type === 'bfcache' ? 'bfcache' : 'hard';
};

/** 0 stands for nothing in a row without a position: front_basicrum_go had no NULL. */
const paintOf = (row: EventRow, value: number | null): number | null =>
  value === 0 && Number(row.journal_segment) === 0 && Number(row.journal_offset) === 0 ? null : value;

const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (value !== null && value > (most ?? -1) ? value : most), null);

/** Each beacon once, however often it was stored; shifts one by one when (nearly) all are told so. In steps of 0.0001, as CLS is kept. */
const shiftOf = (own: readonly EventRow[], telling: readonly EventRow[]): number | null => {
  const summed = new Map<string, number>();
  for (const row of telling) {
    if (row.cumulative_layout_shift === null) continue;
    const identity =
      row.beacon_no === null
        ? `${row.event_type} at ${row.journal_offset} ${row.received_at}`
        : `${row.event_type} ${row.beacon_no}`;
    summed.set(identity, Math.max(row.cumulative_layout_shift, summed.get(identity) ?? 0));
  }
  const sum = summed.size === 0 ? null : [...summed.values()].reduce((all, value) => all + value, 0);
  const told = new Map<string, readonly [at: number, value: number]>();
  for (const { cls_shift_at, cls_shift_value } of own)
    for (const [index, at] of cls_shift_at.entries())
      told.set(`${at} ${cls_shift_value[index] ?? 0}`, [at, cls_shift_value[index] ?? 0]);
  const shifts = [...told.values()].toSorted(([a, x], [b, y]) => a - b || x - y);
  const isWhole =
    shifts.length > 0 &&
    shifts.reduce((all, [, value]) => all + value, 0) + 0.005 * shifts.length >= (sum ?? 0);
  const value = isWhole ? largestWindow(shifts) : sum;
  return value === null ? null : Math.round(value * 10_000) / 10_000;
};

/** Windows of shifts less than a second apart and within five seconds (https://web.dev/articles/evolving-cls). */
const largestWindow = (shifts: readonly (readonly [at: number, value: number])[]): number => {
  const windows: { begun: number; last: number; sum: number }[] = [];
  for (const [at, value] of shifts) {
    const window = windows.at(-1);
    if (window !== undefined && at - window.last < 1_000 && at - window.begun < 5_000) {
      window.last = at;
      window.sum += value;
    } else windows.push({ begun: at, last: at, sum: value });
  }
  return Math.max(...windows.map(({ sum }) => sum));
};

const rangeOf = (value: number | null, edges: readonly number[]): string => {
  if (value === null) return '';
  const place = edges.findLastIndex((edge) => value >= edge);
  return place === edges.length - 1 ? `${edges[place]}+` : `${edges[place]}-${edges[place + 1]}`;
};

const oneOf = (value: string, known: readonly string[], other: string): string =>
  known.includes(value) ? value : other;

const dimensionsOf = (own: readonly EventRow[], row: EventRow): Readonly<Record<Dimension, string>> => {
  const interacting = own.toSorted(
    (a, b) => (b.inp ?? -1) - (a.inp ?? -1) || (b.inp_increment ?? -1) - (a.inp_increment ?? -1),
  )[0];
  const shifting = own.toSorted((a, b) => (b.cls_top ?? -1) - (a.cls_top ?? -1))[0];
  const texts: Readonly<Record<Dimension, string>> = {
    hostname: row.hostname,
    url_path: row.url_path,
    page_group: row.page_group,
    page_type: row.page_type,
    navigation: navigationOf(row),
    navigation_type: row.navigation_type,
    device: oneOf(row.device_type, ['mobile', 'tablet', 'desktop'], 'unknown'),
    engine: oneOf(row.browser_engine, ['Blink', 'WebKit', 'Gecko'], 'other'),
    browser: row.browser_name,
    browser_version: (row.browser_version ?? '').split('.')[0]?.slice(0, 16) ?? '',
    operating_system: row.operating_system,
    country: row.geo_country_code,
    city: row.geo_city_name ?? '',
    connection: row.mob_etype ?? '',
    round_trip: rangeOf(row.mob_rtt, [0, 50, 100, 200, 400]),
    protocol: row.next_hop_protocol,
    screen_width: rangeOf(row.screen_width, [0, 480, 768, 1_024, 1_440, 1_920]),
    cpu_cores: String(row.cpu_cnc ?? ''),
    device_memory: String(row.device_memory ?? ''),
    referrer_type: row.referrer_type,
    referrer_host: row.referrer_host,
    utm_source: row.utm_source,
    utm_medium: row.utm_medium,
    utm_campaign: row.utm_campaign,
    ab_group: row.ab_group,
    release: row.dimensions.get('release') ?? '',
    boomerang_version: row.boomerang_version,
    lcp_selector: row.lcp_selector,
    inp_selector: interacting?.inp_selector ?? '',
    cls_selector: shifting?.cls_selector ?? '',
  };
  // Texts of visitors are cut at 256 characters.
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Array.from(text).slice(0, 256).join('')]),
  ) as Record<Dimension, string>;
};
