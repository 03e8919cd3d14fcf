import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import { type EventRow, tableNames } from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import * as panels from '../support/basic-rum-panels.ts';
import { beaconRow, insertBeaconRows } from '../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';

const tenant = testTenant('panels');
const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 10, 18);
/** The second to the fourth of five days with data. */
const FROM = FIRST + DAY;
const TO = FIRST + 4 * DAY - 1_000;

let world: TestWarehouse;
let filters: panels.PanelFilters;

/** Beacons of five days: two sites, all devices, with gaps. The generator is a plain one, so that each run sees the same. */
const beacons: readonly EventRow[] = (() => {
  let state = 42;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const pick = <T>(values: readonly T[]): T => {
    const value = values[random(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  const maybe = (below: number): number | null => (random(5) === 0 ? null : random(below));
  return Array.from({ length: 900 }, (_, index) => {
    const mobile = random(2) === 0;
    return beaconRow({
      journal_segment: 1n,
      journal_offset: index,
      received_at: FIRST + random(5 * 86_400) * 1_000,
      event_type: pick(['visit_page', 'visit_page', 'visit_page', 'quit_page', 'xhr']),
      hostname: pick(['shop.example', 'news.example']),
      url: `https://shop.example/${random(12)}`,
      session_id: `s${random(200)}`,
      session_length: pick([1, 1, 2, 5]),
      visibility_state: pick(['visible', 'visible', 'hidden']),
      browser_name: mobile ? 'Chrome Mobile' : pick(['Chrome', 'Firefox']),
      device_type: mobile ? 'mobile' : pick(['desktop', 'tablet', 'bot']),
      operating_system: mobile ? 'Android' : pick(['Windows', 'Mac OS X']),
      geo_country_code: pick(['BG', 'DE', '']),
      screen_width: maybe(3_000),
      first_byte_duration: maybe(14_000),
      largest_contentful_paint: maybe(12_000),
      first_contentful_paint: maybe(12_000),
      first_input_delay: maybe(500),
      cumulative_layout_shift: random(5) === 0 ? null : random(32) / 64,
    });
  });
})();

beforeAll(async () => {
  world = await startTestWarehouse();
  const { client } = world.warehouse;
  await createMigrator({
    client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 1,
  }).migrate([tenant.id]);
  await insertBeaconRows(client, tenant.id, beacons);
  filters = {
    table: tableNames(tenant.id).events,
    from: FROM / 1_000,
    to: TO / 1_000,
    hostnames: ['shop.example'],
    devices: ['mobile', 'desktop', 'tablet'],
  };
});
afterAll(() => world.stop());

const ask = (query: string): Promise<Record<string, unknown>[]> => world.rows(query);

// The plain calculation.
const inTime = beacons.filter((row) => row.received_at >= FROM && row.received_at <= TO);
const visits = inTime.filter((row) => row.event_type === 'visit_page' && row.hostname === 'shop.example');
const onDevices = visits.filter((row) => ['mobile', 'desktop', 'tablet'].includes(row.device_type));
const visible = onDevices.filter((row) => row.visibility_state === 'visible');
const dayOf = (row: EventRow): string => new Date(row.received_at).toISOString().slice(0, 10);
const DAYS = [0, 1, 2].map((n) => new Date(FROM + n * DAY).toISOString().slice(0, 10));

const counted = <K>(keys: readonly K[]): Map<K, number> =>
  new Map([...Map.groupBy(keys, (key) => key)].map(([key, group]) => [key, group.length]));
const buckets = (
  rows: readonly EventRow[],
  value: (row: EventRow) => number | null,
  width: number,
): Map<number, number> =>
  counted(rows.flatMap((row) => value(row) ?? []).map((n) => Math.floor(n / width) * width));
/** ClickHouse's `quantile` below 8,192 values: between the two neighbours. */
const percentile75 = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = 0.75 * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
};
const asMap = (rows: readonly Record<string, unknown>[], key: string, value: string): Map<unknown, unknown> =>
  new Map(rows.map((row) => [row[key], row[value]]));
const rounded = (map: Map<unknown, unknown>): Map<unknown, number> =>
  new Map([...map].map(([key, value]) => [key, Math.round(Number(value) * 1e6) / 1e6]));

describe('Core Web Vitals', () => {
  it.each([
    ['largest_contentful_paint', 2_500, 4_000],
    ['cumulative_layout_shift', 0.1, 0.25],
    ['first_byte_duration', 800, 1_800],
    ['first_contentful_paint', 1_800, 3_000],
    ['first_input_delay', 100, 300],
  ] as const)('bars of %s per day', async (column, good, poor) => {
    const rows = await ask(panels.barsPerDay(filters, column, 'Chrome Mobile', good, poor));
    const expected = DAYS.map((t) => {
      const values = visits
        .filter((row) => row.browser_name === 'Chrome Mobile' && dayOf(row) === t)
        .flatMap((row) => row[column] ?? []);
      return {
        t,
        good: values.filter((value) => value <= good).length,
        needs_improvement: values.filter((value) => value > good && value <= poor).length,
        poor: values.filter((value) => value > poor).length,
      };
    });
    expect(rows).toEqual(expected);
  });

  it.each([
    ['all pages', false],
    ['landing pages', true],
  ])('histogram of LCP on %s', async (_name, landing) => {
    const rows = await ask(
      panels.histogram(
        filters,
        'largest_contentful_paint',
        150,
        'Chrome',
        'largest_contentful_paint > 0 AND largest_contentful_paint < 10000',
        landing,
      ),
    );
    const pages = visits.filter(
      (row) =>
        row.browser_name === 'Chrome' &&
        (!landing || row.session_length === 1) &&
        (row.largest_contentful_paint ?? 0) > 0 &&
        (row.largest_contentful_paint ?? 0) < 10_000,
    );
    expect(asMap(rows, 'value', 'count')).toEqual(buckets(pages, (row) => row.largest_contentful_paint, 150));
  });

  it('histogram of FCP, whose limits are on the bucket', async () => {
    const rows = await ask(
      panels.histogram(
        filters,
        'first_contentful_paint',
        150,
        'Chrome Mobile',
        'value > 0 AND value < 10000',
        false,
      ),
    );
    const pages = visits.filter((row) => {
      const value = Math.floor((row.first_contentful_paint ?? -1) / 150) * 150;
      return row.browser_name === 'Chrome Mobile' && value > 0 && value < 10_000;
    });
    expect(asMap(rows, 'value', 'count')).toEqual(buckets(pages, (row) => row.first_contentful_paint, 150));
  });

  it('histogram of TTFB on landing pages', async () => {
    const rows = await ask(
      panels.histogram(filters, 'first_byte_duration', 150, 'Chrome', 'first_byte_duration < 12000', true),
    );
    const pages = visits.filter(
      (row) =>
        row.browser_name === 'Chrome' &&
        row.session_length === 1 &&
        (row.first_byte_duration ?? 12_000) < 12_000,
    );
    expect(asMap(rows, 'value', 'count')).toEqual(buckets(pages, (row) => row.first_byte_duration, 150));
  });

  it('histogram of FID', async () => {
    const rows = await ask(
      panels.histogram(filters, 'first_input_delay', 20, 'Chrome', 'first_input_delay < 400', false),
    );
    const pages = visits.filter(
      (row) => row.browser_name === 'Chrome' && (row.first_input_delay ?? 400) < 400,
    );
    expect(asMap(rows, 'value', 'count')).toEqual(buckets(pages, (row) => row.first_input_delay, 20));
  });

  it('histogram of CLS in steps of 0.01', async () => {
    const rows = await ask(
      panels.histogram(
        filters,
        'cumulative_layout_shift',
        0.01,
        'Chrome',
        'cumulative_layout_shift IS NOT NULL',
        false,
      ),
    );
    const pages = visits.filter((row) => row.browser_name === 'Chrome');
    const total = rows.reduce((sum, row) => sum + Number(row['count']), 0);
    expect([total, rows.length > 10]).toEqual([
      pages.filter((row) => row.cumulative_layout_shift !== null).length,
      true,
    ]);
  });
});

describe('Metrics Explorer', () => {
  const metric = (row: EventRow): number | null => row.first_byte_duration;

  it('metric', async () => {
    const rows = await ask(panels.metricHistogram(filters, 'first_byte_duration', 100));
    const pages = onDevices.filter((row) => (metric(row) ?? 0) > 0 && (metric(row) ?? 0) < 10_000);
    expect(asMap(rows, 'metric_value', 'count')).toEqual(buckets(pages, metric, 100));
  });

  it('75th percentile per day', async () => {
    const rows = await ask(panels.percentilePerDay(filters, 'first_byte_duration'));
    const byDay = Map.groupBy(onDevices, dayOf);
    const expected = [...byDay].map(
      ([t, pages]) => [t, percentile75(pages.flatMap((row) => metric(row) ?? []))] as const,
    );
    expect(rounded(asMap(rows, 't', 'metic_75th_percentile'))).toEqual(rounded(new Map(expected)));
  });

  it('visits beside it', async () => {
    const rows = await ask(panels.visitsOfDevices(filters));
    expect(asMap(rows, 't', 'visits')).toEqual(counted(onDevices.map(dayOf)));
  });

  it('bounce rate against the metric', async () => {
    const rows = await ask(panels.bounceRateByMetric(filters, 'first_byte_duration', 1_000));
    const pages = visible.filter((row) => (metric(row) ?? 0) > 0);
    const sessions = [...Map.groupBy(pages, (row) => row.session_id).values()].map((session) => ({
      bucket:
        Math.floor((metric(session.reduce((a, b) => (b.received_at < a.received_at ? b : a))) ?? 0) / 1_000) *
        1_000,
      bounced: Math.max(...session.map((row) => row.session_length ?? 0)) === 1,
    }));
    const expected = [...Map.groupBy(sessions, ({ bucket }) => bucket)].map(([bucket, group]) => ({
      bucket,
      bounce_rate: (group.filter(({ bounced }) => bounced).length / group.length) * 100,
      all_sessions: group.length,
    }));
    expect(rows).toEqual(expected.toSorted((a, b) => a.bucket - b.bucket));
  });

  it('most visited landing pages by their 75th percentile', async () => {
    const rows = await ask(panels.slowestLandingPages(filters, 'first_byte_duration'));
    const landings = Map.groupBy(
      visible.filter((row) => row.session_length === 1),
      (row) => row.url,
    );
    const expected = [...landings].map(
      ([url, pages]) => [url, percentile75(pages.flatMap((row) => metric(row) ?? []))] as const,
    );
    const slowest = expected.toSorted(([, a], [, b]) => b - a);
    expect([rounded(asMap(rows, 'url', '75th_percentile')), rows.map((row) => row['url'])]).toEqual([
      rounded(new Map(expected)),
      slowest.map(([url]) => url),
    ]);
  });
});

describe('Summary', () => {
  it('impressions by country', async () => {
    const rows = await ask(panels.byCountry(filters));
    expect(asMap(rows, 'geohash', 'cnt')).toEqual(counted(inTime.map((row) => row.geo_country_code)));
  });

  it('screen widths', async () => {
    const rows = await ask(panels.screenWidths(filters));
    // The limit of 2500 is on the class of 100 pixels: the panel gives both the same name.
    const known = visits.filter(
      (row) => row.screen_width !== null && Math.floor(row.screen_width / 100) * 100 <= 2_500,
    );
    expect(asMap(rows, 'screen_width', 'count')).toEqual(buckets(known, (row) => row.screen_width, 100));
  });

  it('visits per day', async () => {
    const rows = await ask(panels.visitsPerDay(filters));
    const count = (t: string, device: string): number =>
      visits.filter((row) => dayOf(row) === t && row.device_type === device).length;
    expect(rows).toEqual(DAYS.map((t) => ({ t, Mobile: count(t, 'mobile'), Desktop: count(t, 'desktop') })));
  });

  it('device distribution per day', async () => {
    const rows = await ask(panels.devicesPerDay(filters));
    const count = (t: string, device: string): number =>
      visits.filter((row) => dayOf(row) === t && row.device_type === device).length;
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set(
        DAYS.map((t) =>
          JSON.stringify({
            t,
            desktop: count(t, 'desktop'),
            tablet: count(t, 'tablet'),
            mobile: count(t, 'mobile'),
            bot: count(t, 'bot'),
          }),
        ),
      ),
    );
  });

  it('visits by operating system, of all time and all sites', async () => {
    const rows = await ask(panels.visitsByOs(filters));
    const all = beacons.filter((row) => row.event_type === 'visit_page').map((row) => row.operating_system);
    expect(asMap(rows, 'operating_system', 'count')).toEqual(counted(all));
  });

  it('bounce rate per day', async () => {
    const rows = await ask(panels.bounceRatePerDay(filters));
    const expected = DAYS.map((t) => {
      const sessions = [
        ...Map.groupBy(
          visible.filter((row) => dayOf(row) === t),
          (row) => row.session_id,
        ).values(),
      ];
      const bounced = sessions.filter(
        (pages) => Math.max(...pages.map((row) => row.session_length ?? 0)) === 1,
      );
      return [t, (bounced.length / sessions.length) * 100] as const;
    });
    expect(rounded(asMap(rows, 'event_date', 'bounce_rate'))).toEqual(rounded(new Map(expected)));
  });

  it('sessions per day', async () => {
    const rows = await ask(panels.sessionsPerDay(filters));
    const expected = DAYS.map((t) => ({
      event_date: t,
      sessions_per_day: new Set(visible.filter((row) => dayOf(row) === t).map((row) => row.session_id)).size,
    }));
    expect(rows).toEqual(expected);
  });
});

describe('the same panels', () => {
  it('run on page views, too', async () => {
    const views = { ...filters, table: tableNames(tenant.id).pageViews };
    const queries = [
      panels.barsPerDay(views, 'largest_contentful_paint', 'Chrome', 2_500, 4_000),
      panels.metricHistogram(views, 'first_byte_duration', 100),
      panels.percentilePerDay(views, 'inp'),
      panels.bounceRateByMetric(views, 'first_byte_duration', 1_000),
      panels.slowestLandingPages(views, 'largest_contentful_paint'),
      panels.byCountry(views),
      panels.screenWidths(views),
      panels.sessionsPerDay(views),
    ];
    const answers = await Promise.all(queries.map(ask));
    expect(answers.map((rows) => Array.isArray(rows))).toEqual(queries.map(() => true));
  });

  it('read only the days and the sites that they are asked for', async () => {
    const plan = await world.rows<{ explain: string }>(
      `EXPLAIN indexes = 1 ${panels.metricHistogram(filters, 'first_byte_duration', 100)}`,
    );
    const text = plan.map(({ explain }) => explain).join('\n');
    expect(text).toMatch(/PrimaryKey[\s\S]*Keys:[\s\S]*hostname[\s\S]*event_date/);
  });
});
