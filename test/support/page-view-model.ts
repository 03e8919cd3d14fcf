import type { EventRow } from '#warehouse';

/** A page view, as the model below makes it: some columns of each kind. */
export interface ModelPageView {
  readonly hostname: string;
  readonly session_id: string;
  readonly page_id: string;
  readonly started: number;
  readonly ended: number;
  readonly time_on_page: number | null;
  readonly described_by: string;
  readonly event_type: string;
  readonly beacons: number;
  readonly has_quit: boolean;
  readonly soft_navigations: number;
  readonly largest_contentful_paint: number | null;
  readonly device_memory: number | null;
  readonly device_manufacturer: string | null;
  readonly session_start: number | null;
  readonly url: string;
  readonly next_url: string;
  readonly cumulative_layout_shift: number | null;
  readonly cls: number | null;
  readonly inp: number | null;
  readonly inp_is_final: boolean;
  readonly clicks: number | null;
  readonly scroll_pct: number | null;
}

/** The obvious calculation of page views: sorted lists and loops, nothing shared with the SQL. */
export const modelPageViews = (rows: readonly EventRow[]): readonly ModelPageView[] => {
  const pages = Map.groupBy(rows, (row) =>
    JSON.stringify([
      row.hostname,
      row.session_id,
      row.page_id,
      row.page_id === '' ? [String(row.journal_segment), String(row.journal_offset)] : [],
    ]),
  );
  return [...pages.values()].flatMap((page) => pageView(page) ?? []);
};

const pageView = (rows: readonly EventRow[]): ModelPageView | undefined => {
  const byTime = rows.toSorted((a, b) => a.received_at - b.received_at);
  // Copies of a beacon: the one that came first stands for all.
  const beacons = [...Map.groupBy(byTime, identity).values()]
    .map(([first]) => first)
    .filter((row) => row !== undefined);
  const main = describing(beacons);
  if (main === undefined) return undefined;
  const later = beacons.filter((row) => row.event_type !== 'early');
  const counted = later.length > 0 ? later : beacons;
  const started = Math.min(...counted.map((row) => row.received_at));
  const ended = Math.max(...beacons.map((row) => row.received_at));
  const sum = addUp(counted.map((row) => row.cumulative_layout_shift));
  const finalInp = beacons.map((row) => row.inp).filter((inp) => inp !== null);
  const shown = beacons.some((row) => row.cumulative_layout_shift !== null) ? (sum ?? 0) : null;
  return {
    hostname: main.hostname,
    session_id: main.session_id,
    page_id: main.page_id,
    started,
    ended,
    time_on_page: beacons.length > 1 ? Math.max(0, ended - started) : null,
    described_by: main.event_type,
    event_type: ['spa', 'spa_hard', 'bfcache'].includes(main.event_type) ? main.event_type : 'visit_page',
    beacons: beacons.length,
    has_quit: beacons.some((row) => row.event_type === 'quit_page'),
    soft_navigations: beacons.filter((row) => row.event_type === 'spa').length,
    largest_contentful_paint: main.largest_contentful_paint,
    device_memory: main.device_memory,
    device_manufacturer: main.device_manufacturer,
    session_start: main.session_start,
    url: main.url,
    next_url:
      beacons
        .map((row) => row.next_url)
        .toSorted((a, b) => (a < b ? -1 : 1))
        .at(-1) ?? '',
    cumulative_layout_shift: shown,
    cls: pageCls(beacons, shown),
    inp: greatest(finalInp.length > 0 ? finalInp : beacons.map((row) => row.inp_increment)),
    inp_is_final: finalInp.length > 0,
    clicks: beacons.some((row) => row.clicks !== null)
      ? (addUp(counted.map((row) => row.clicks)) ?? 0)
      : null,
    scroll_pct: greatest(beacons.map((row) => row.scroll_pct)),
  };
};

const identity = (row: EventRow): string =>
  row.beacon_no === null
    ? `${row.event_type} at ${row.journal_segment}:${row.journal_offset}`
    : `${row.event_type} number ${row.beacon_no}`;

const describing = (beacons: readonly EventRow[]): EventRow | undefined => {
  const isSoft = (row: EventRow): boolean => row.event_type === 'spa' || row.event_type === 'bfcache';
  const loads = beacons.filter((row) => row.is_page_view && !isSoft(row) && row.event_type !== 'early');
  const soft = beacons.filter((row) => row.is_page_view && isSoft(row));
  const early = beacons.filter((row) => row.event_type === 'early');
  const candidates = [loads, soft, early].find((list) => list.length > 0) ?? [];
  const numberOf = (row: EventRow): number => row.beacon_no ?? 65_535;
  return candidates.toSorted((a, b) => numberOf(a) - numberOf(b) || a.received_at - b.received_at)[0];
};

const addUp = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};

const greatest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

/** Session windows after https://web.dev/articles/evolving-cls, where the listed shifts account for the sum. */
const pageCls = (beacons: readonly EventRow[], sum: number | null): number | null => {
  const listed = new Map<string, { at: number; value: number }>();
  for (const row of beacons)
    for (const [index, at] of row.cls_shift_at.entries()) {
      const value = row.cls_shift_value[index] ?? 0;
      listed.set(`${at} ${value}`, { at, value });
    }
  const shifts = [...listed.values()].toSorted((a, b) => a.at - b.at || a.value - b.value);
  const total = shifts.reduce((all, { value }) => all + value, 0);
  if (shifts.length === 0 || total + 0.005 * shifts.length < (sum ?? 0)) return sum;
  let best = 0;
  let window: { first: number; last: number; value: number } | undefined;
  for (const { at, value } of shifts) {
    if (window !== undefined && at - window.last < 1_000 && at - window.first < 5_000)
      window = { first: window.first, last: at, value: window.value + value };
    else window = { first: at, last: at, value };
    best = Math.max(best, window.value);
  }
  return best;
};
