import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import {
  type EventRow,
  PAGE_VIEW_COLUMNS,
  PAGE_VIEW_REACH_SECONDS,
  pageViewsSelect,
  tableNames,
} from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import { type ModelPageView, modelPageViews } from '../support/page-view-model.ts';
import { beaconRow, insertBeaconRows } from '../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';

const tenant = testTenant('viewed');
const { events, pageViews } = tableNames(tenant.id);
const NOON = Date.UTC(2026, 10, 22, 12);
const SHOWN = `hostname, session_id, page_id, toUnixTimestamp64Milli(started_at) AS started, toUnixTimestamp64Milli(ended_at) AS ended,
  time_on_page, described_by, event_type, beacons, has_quit, soft_navigations, largest_contentful_paint, device_memory,
  device_manufacturer, toUnixTimestamp64Milli(session_start) AS session_start, url, next_url, cumulative_layout_shift, cls, inp,
  inp_is_final, clicks, scroll_pct`;

let world: TestWarehouse;

beforeAll(async () => {
  world = await startTestWarehouse();
  await createMigrator({
    client: world.warehouse.client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 1,
  }).migrate([tenant.id]);
});
afterAll(() => world.stop());

const store = async (rows: readonly Partial<EventRow>[]): Promise<void> => {
  await world.run(`TRUNCATE TABLE ${events}`);
  await insertBeaconRows(world.warehouse.client, tenant.id, rows);
};
const stored = (from = pageViews): Promise<ModelPageView[]> => world.rows(`SELECT ${SHOWN} FROM ${from}`);
const inOrder = (views: readonly ModelPageView[]): readonly ModelPageView[] =>
  views.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
const sortKey = (view: ModelPageView): string =>
  JSON.stringify([view.hostname, view.session_id, view.page_id, view.started, view.url]);

/** A beacon without what says where it belongs. Fractions are multiples of 1/64, so that sums are exact. */
const content = fc.record({
  event_type: fc.constantFrom(
    'visit_page',
    'quit_page',
    'xhr',
    'spa',
    'spa_hard',
    'error',
    'interaction',
    'bfcache',
    'early',
  ),
  carries_load: fc.boolean(),
  numbered: fc.boolean(),
  after: fc.nat(20_000),
  largest_contentful_paint: fc.option(fc.nat(5_000)),
  device_memory: fc.option(fc.constantFrom(0, 0.25, 8)),
  device_manufacturer: fc.option(fc.constantFrom('Apple', 'Samsung')),
  session_start: fc.option(fc.constantFrom(NOON - 1_000, NOON - 7)),
  cumulative_layout_shift: fc.option(fc.nat(64).map((n) => n / 64)),
  shifts: fc.array(
    fc.tuple(
      fc.nat(12_000),
      fc.integer({ min: 1, max: 32 }).map((n) => n / 64),
    ),
    { maxLength: 4 },
  ),
  inp: fc.option(fc.nat(800)),
  inp_increment: fc.option(fc.nat(800)),
  clicks: fc.option(fc.nat(9)),
  // Above 255 and above 100 percent, as on pages that are scrolled up and down.
  scroll_pct: fc.option(fc.nat(2_000)),
  next_url: fc.constantFrom('', 'https://a.example/next', 'https://a.example/other'),
  copies: fc.constantFrom(1, 1, 1, 2, 3),
});

/** The beacons of some page lives; sessions and pages may be empty, as when the cookie is refused. */
const beacons = fc
  .array(
    fc.record({
      hostname: fc.constantFrom('a.example', 'b.example'),
      session_id: fc.constantFrom('', 's1', 's2'),
      page_id: fc.constantFrom('', 'p1', 'p2', 'p3'),
      contents: fc.array(content, { minLength: 1, maxLength: 6 }),
    }),
    { maxLength: 5 },
  )
  .map((lives) => {
    const numbers = new Map<string, number>();
    let offset = 0;
    return lives.flatMap(({ contents, ...place }) =>
      contents.flatMap(({ carries_load, numbered, after, shifts, copies, ...values }) => {
        const key = JSON.stringify(place);
        const number = (numbers.get(key) ?? 0) + 1;
        numbers.set(key, number);
        offset += 1;
        // A copy of a numbered beacon came by another request; a copy of one without a number was stored twice.
        return Array.from({ length: copies }, (_, copy) =>
          beaconRow({
            ...place,
            ...values,
            beacon_no: numbered ? number : null,
            is_page_view:
              ['visit_page', 'spa', 'spa_hard', 'bfcache'].includes(values.event_type) ||
              (values.event_type === 'quit_page' && carries_load),
            journal_segment: 1n,
            journal_offset: offset + (numbered ? copy * 10_000 : 0),
            received_at: NOON + after + offset + (numbered ? copy * 500 : 0),
            cls_shift_at: shifts.map(([at]) => at),
            cls_shift_value: shifts.map(([, value]) => value),
            url: `https://${place.hostname}/${offset}`,
          }),
        );
      }),
    );
  });

describe('page views', () => {
  it('are what the obvious calculation makes of the same beacons', async () => {
    await fc.assert(
      fc.asyncProperty(beacons, async (rows) => {
        await store(rows);
        expect(inOrder(await stored())).toEqual(inOrder(modelPageViews(rows)));
      }),
      { numRuns: 60, endOnFailure: false },
    );
  });

  it('of a period are the same when only the period is read', async () => {
    await fc.assert(
      fc.asyncProperty(beacons, fc.nat(10_000), async (rows, start) => {
        await store(rows);
        const [since, until] = [NOON + start, NOON + start + 10_000];
        const { before, after } = PAGE_VIEW_REACH_SECONDS;
        const select = pageViewsSelect(tenant.id, {
          where: `received_at >= fromUnixTimestamp64Milli(${since}) - INTERVAL ${before} SECOND AND received_at < fromUnixTimestamp64Milli(${until}) + INTERVAL ${after} SECOND`,
          having: `started_at >= fromUnixTimestamp64Milli(${since}) AND started_at < fromUnixTimestamp64Milli(${until})`,
        });
        const expected = modelPageViews(rows).filter(({ started }) => started >= since && started < until);
        expect(inOrder(await stored(`(${select})`))).toEqual(inOrder(expected));
      }),
      { numRuns: 15 },
    );
  });

  it('show nothing for a quit beacon alone that carries no load', async () => {
    await store([
      { hostname: 'a.example', page_id: 'p', event_type: 'quit_page', received_at: NOON, inp: 100 },
    ]);
    expect(await stored()).toEqual([]);
  });

  it('take navigation and paint from the load beacon also when the quit beacon came first', async () => {
    const page = { hostname: 'a.example', session_id: 's', page_id: 'p' };
    await store([
      {
        ...page,
        event_type: 'quit_page',
        beacon_no: 2,
        received_at: NOON,
        inp: 96,
        first_contentful_paint: null,
      },
      {
        ...page,
        event_type: 'visit_page',
        is_page_view: true,
        beacon_no: 1,
        received_at: NOON + 50,
        first_contentful_paint: 900,
      },
    ]);
    expect(await world.rows(`SELECT first_contentful_paint, inp, beacons FROM ${pageViews}`)).toEqual([
      { first_contentful_paint: 900, inp: 96, beacons: 2 },
    ]);
  });

  it('keep a missing paint of the load beacon missing when the page comes back from the cache', async () => {
    const page = { hostname: 'a.example', session_id: 's', page_id: 'p', is_page_view: true };
    await store([
      { ...page, event_type: 'visit_page', beacon_no: 1, received_at: NOON, largest_contentful_paint: null },
      {
        ...page,
        event_type: 'bfcache',
        beacon_no: 2,
        received_at: NOON + 9_000,
        largest_contentful_paint: 7,
      },
    ]);
    expect(await world.rows(`SELECT largest_contentful_paint, restores FROM ${pageViews}`)).toEqual([
      { largest_contentful_paint: null, restores: 1 },
    ]);
  });

  it('have a selector, a moment and a type of the interaction that INP speaks of', async () => {
    const page = { hostname: 'a.example', session_id: 's', page_id: 'p' };
    await store([
      {
        ...page,
        event_type: 'visit_page',
        is_page_view: true,
        beacon_no: 1,
        received_at: NOON,
        inp_increment: 400,
        inp_selector: '#slow',
        inp_at: 10,
      },
      {
        ...page,
        event_type: 'quit_page',
        beacon_no: 2,
        received_at: NOON + 1,
        inp: 200,
        inp_selector: '#final',
        inp_at: 20,
      },
    ]);
    expect(await world.rows(`SELECT inp, inp_selector, inp_at FROM ${pageViews}`)).toEqual([
      { inp: 200, inp_selector: '#final', inp_at: 20 },
    ]);
  });

  it('can be read in all their columns', async () => {
    await store([
      {
        hostname: 'a.example',
        page_id: 'p',
        event_type: 'visit_page',
        is_page_view: true,
        received_at: NOON,
      },
    ]);
    const [row] = await world.rows<Record<string, unknown>>(`SELECT * FROM ${pageViews}`);
    expect(Object.keys(row ?? {})).toEqual([
      'hostname',
      'session_id',
      'page_id',
      ...PAGE_VIEW_COLUMNS.map(({ name }) => name),
    ]);
  });

  it('of a period can be asked of the view with a filter for its table', async () => {
    const page = { hostname: 'a.example', event_type: 'visit_page', is_page_view: true };
    await store([
      { ...page, page_id: 'old', received_at: NOON - 40 * 86_400_000 },
      { ...page, page_id: 'new', received_at: NOON },
    ]);
    expect(
      await world.rows(
        `SELECT page_id FROM ${pageViews}
         SETTINGS additional_table_filters = {'${events}': 'received_at >= toDateTime(\\'2026-11-01 00:00:00\\')'}`,
      ),
    ).toEqual([{ page_id: 'new' }]);
  });

  it('read only the granules of a host name that is asked for', async () => {
    await world.run(`TRUNCATE TABLE ${events}`);
    await world.run(
      `INSERT INTO ${events} (hostname, session_id, page_id, received_at, event_date, event_type, is_page_view)
       SELECT concat('h', toString(number % 10)), toString(number), 'p', toDateTime64('2026-11-22 00:00:00', 3, 'UTC'), '2026-11-22', 'visit_page', true
       FROM numbers(200000) SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0`,
    );
    await world.run(`OPTIMIZE TABLE ${events} FINAL`);
    const plan = await world.rows<{ explain: string }>(
      `EXPLAIN indexes = 1 SELECT count() FROM ${pageViews} WHERE hostname = 'h3'`,
    );
    const granules = plan
      .map(({ explain }) => /Granules: (\d+)\/(\d+)/.exec(explain))
      .findLast((match) => match !== null);
    expect([Number(granules?.[1]) <= 4, Number(granules?.[2]) >= 20]).toEqual([true, true]);
  });
});
