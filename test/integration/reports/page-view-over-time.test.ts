import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import { openViews } from '#warehouse';
import type { PageViewAnswer, PageViewsAnswer } from '../../../src/modules/reports/contract.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { ANSWERS } from '../../../src/modules/reports/openapi/answers.ts';
import { openTenantViews } from '../../../src/modules/reports/tenant-views.ts';
import { createBeaconRows } from '../../../src/loader/beacon-row.ts';
import { createMigrator } from '../../../src/warehouse/migrator.ts';
import { aBeacon } from '../../support/a-beacon.ts';
import { insertBeaconRows } from '../../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../../support/warehouse.ts';

/*
 * What real beacons tell of their pages over time, from the browser's bytes through the loader and the warehouse to the report's answer, against the plainest
 * reading of the same bytes; and against what the browser counted itself.
 */

const tenant = testTenant('over_time').id;
const BEGIN = Date.UTC(2026, 9, 22, 12);

type Parameters = ReadonlyMap<string, string>;

interface RealPage {
  readonly pageId: string;
  readonly beacons: readonly Parameters[];
  readonly answer: PageViewAnswer;
}

let world: TestWarehouse;
let pages: readonly RealPage[] = [];
/** The page of `HANDMADE`. */
let handmade: PageViewAnswer;

beforeAll(async () => {
  world = await startTestWarehouse();
  const { client } = world.warehouse;
  const layout = { kind: 'server' } as const;
  await createMigrator({ client, layout, clock: systemClock, log: silentLog, parallel: 1 }).migrate([tenant]);
  const { decode } = createBeaconRows(
    { pageGroups: [], keepQuery: true, keepUserAgent: false },
    { geo: { find: () => ({ country: '', city: null }) } },
  );
  const rows = [...recorded, HANDMADE].map(({ body, query }, index) =>
    decode(aBeacon({}, { body, query, offset: index * 10_000, receivedAt: BEGIN + index * 1_000 })),
  );
  await insertBeaconRows(client, tenant, rows);
  const list = await ask<PageViewsAnswer>('page-views', 'order=newest&limit=200&bots=with&navigations=all');
  const answers = await Promise.all(
    list.views.map(({ id }) => ask<PageViewAnswer>('page-views/{id}', '', id)),
  );
  handmade = answers.find(({ view }) => view.pageId === 'handmade') ?? expect.fail('no handmade page');
  pages = answers
    .filter((answer) => answer !== handmade)
    .map((answer) => {
      const { pageId } = answer.view;
      return {
        pageId,
        answer,
        beacons: recorded.map(parametersOf).filter((each) => each.get('pid') === pageId),
      };
    });
}, 60_000);
afterAll(() => world?.stop());

/** Asks a report as the module does; the answer is as its schema says. */
const ask = async <A>(path: string, query: string, id = ''): Promise<A> => {
  const report = REPORTS.find((each) => each.path === `/reports/${path}`);
  if (report === undefined) throw new Error(`no report ${path}`);
  const { client } = world.warehouse;
  const views = openTenantViews(
    { client, sources: openViews({ client }), hostnames: () => [], clock: systemClock },
    tenant,
    new AbortController().signal,
    null,
  );
  const { answer } = await report.ask(new URLSearchParams(query), {
    tenant,
    params: { id },
    views,
    now: BEGIN + 3_600_000,
  });
  return ANSWERS[`/reports/${path}`]?.parse(answer) as A;
};

const parametersOf = ({ body, query }: Recorded): Parameters =>
  new Map(new URLSearchParams(`${body}&${query}`));

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';
const base36 = (text: string | undefined): number => Number.parseInt(text ?? '', 36);

/** The values of a timeline, read by a regular expression for each of its three forms. */
const valuesOf = (text: string): readonly number[] => {
  const rest = text.slice(1);
  if (text.startsWith('0'))
    return expand(rest.matchAll(/(?:\*(\w+)\*)?(\.\w+\.|[\w-])/g), (value) =>
      value.startsWith('.') ? base36(value.slice(1)) : DIGITS.indexOf(value),
    );
  if (text.startsWith('1')) return expand(rest.matchAll(/(?:\*(\w+)\*)?(\w+),?/g), base36);
  return expand(rest.matchAll(/(?:\*(\w+)\*)?(\d\d|__)/g), (value) => (value === '__' ? 100 : Number(value)));
};

const expand = (runs: Iterable<RegExpExecArray>, valueOf: (text: string) => number): readonly number[] =>
  [...runs].flatMap(([, times = '1', value = '']) =>
    Array.from({ length: base36(times) }, () => valueOf(value)),
  );

/** Values by ms since navigation, found by going through the page in steps of 100 ms from when its first beacon began to look. */
const laneOf = (beacons: readonly Parameters[], name: string): ReadonlyMap<number, number> => {
  const lane = new Map<number, number>();
  const [first] = beacons;
  for (const beacon of beacons) {
    const navigation = base36(beacon.get('c.e'));
    let start = base36(first?.get('c.f.s'));
    const before = beacon.get('c.lb');
    while (before !== undefined && start + 100 <= base36(before)) start += 100;
    for (const [index, value] of valuesOf(beacon.get(`c.t.${name}`) ?? '').entries()) {
      const at = start - navigation + index * 100;
      if (value > 0 || !['mem', 'domsz', 'domln', 'bat'].includes(name))
        lane.set(at, Math.max(value, lane.get(at) ?? 0));
    }
  }
  return lane;
};

const LANES =
  'fps busy longtask inter interdly click key scroll scrollpct mouse mousepct mem domsz domln mut bat vis orn'.split(
    ' ',
  );
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const numbers = (beacons: readonly Parameters[], name: string): readonly number[] =>
  beacons.flatMap((beacon) => (beacon.has(name) ? [Number(beacon.get(name))] : []));

type Told = Readonly<Record<string, string>>;

/** The members of an object in JSURL that has no other objects in it: names and values in turns, with tildes between. */
const membersOf = (text: string): Told => {
  const parts = text.split('~');
  return Object.fromEntries(
    parts.flatMap((name, index) =>
      index % 2 === 0 && name !== ''
        ? [[name, (parts[index + 1] ?? '').replace(/^'/, '').replaceAll(/\*(..)/g, letterOf)]]
        : [],
    ),
  );
};
const letterOf = (_: string, code: string): string => String.fromCharCode(Number.parseInt(code, 16));

/** The events of `et.e`. */
const eventsOf = (beacon: Parameters): readonly Told[] =>
  [...(beacon.get('et.e') ?? '').matchAll(/\((c~[^()]*)\)/g)].map(([, event = '']) => membersOf(event));

/** The shifts of `c.cls.d`, with what was added to each element, where it was before, and its name. */
const shiftsOf = (beacon: Parameters) =>
  [...(beacon.get('c.cls.d') ?? '').matchAll(/~\(s~\((.*?)\)~t~'?(\w+)~v~'?(\w+)\)/g)].map(
    ([, elements = '', at, value]) => ({
      at: base36(at),
      value: base36(value) / 1_000,
      elements: [...elements.matchAll(/\(d~\(([^)]*)\)~p~\(([^)]*)\)~(s[^)]*)/g)].map(
        ([, added = '', before = '', name = '']) => ({
          added: membersOf(added),
          before: membersOf(before),
          selector: membersOf(name)['s'],
        }),
      ),
    }),
  );

describe('what real beacons tell of their pages over time', () => {
  it('is there for each page', () => {
    expect(pages.map(({ pageId }) => pageId).toSorted()).toEqual(
      [...new Set(recorded.map((each) => parametersOf(each).get('pid') ?? ''))].toSorted(),
    );
    const told = new Set(pages.flatMap(({ answer }) => answer.timeline.map(({ name }) => name)));
    expect([...told].toSorted()).toEqual([
      'click',
      'domln',
      'domsz',
      'fps',
      'inter',
      'key',
      'longtask',
      'mem',
      'mouse',
      'mousepct',
      'mut',
      'scroll',
      'scrollpct',
    ]);
  });

  it('has the timelines that its beacons have', () => {
    for (const { answer, beacons } of pages)
      for (const name of LANES) {
        const expected = [...laneOf(beacons, name)].toSorted(([a], [b]) => a - b);
        const lane = answer.timeline
          .find((each) => each.name === name)
          ?.buckets.map(({ at, value }) => [at, value]);
        expect([name, lane ?? []]).toEqual([name, expected.some(([, value]) => value > 0) ? expected : []]);
      }
  });

  it('agrees with what the browser counted', () => {
    for (const { answer, beacons } of pages) {
      const lane = (name: string): readonly number[] =>
        answer.timeline.find((each) => each.name === name)?.buckets.map(({ value }) => value) ?? [];
      expect(sum(lane('click'))).toBe(sum(numbers(beacons, 'c.c')));
      expect(sum(lane('key'))).toBe(sum(numbers(beacons, 'c.k')));
      expect(answer.longTasks).toHaveLength(sum(numbers(beacons, 'c.lt.n')));
      for (const { duration } of answer.longTasks) expect(duration).toBeGreaterThanOrEqual(50);
      // Each is rounded up on its own.
      const total = sum(answer.longTasks.map(({ duration }) => duration));
      expect(total - sum(numbers(beacons, 'c.lt.tt'))).toBeGreaterThanOrEqual(0);
      expect(total - sum(numbers(beacons, 'c.lt.tt'))).toBeLessThanOrEqual(answer.longTasks.length);
      const clicks = answer.interactions.filter(({ kind }) => kind === 'click');
      expect(clicks).toHaveLength(sum(numbers(beacons, 'c.c')));
      const [firstInteraction] = numbers(beacons, 'c.ttfi');
      if (firstInteraction !== undefined)
        expect(
          clicks
            .concat(answer.interactions.filter(({ kind }) => kind === 'key'))
            .map(({ at }) => at - firstInteraction),
        ).toSatisfy((late: readonly number[]) => Math.min(...late) >= -1 && Math.min(...late) < 100);
    }
  });

  it('finds a click in the bucket in which the log has it', () => {
    const clicked = pages.filter(({ answer }) => answer.interactions.some(({ kind }) => kind === 'click'));
    expect(clicked.length).toBeGreaterThan(1);
    for (const { answer } of clicked)
      for (const { at } of answer.interactions.filter(({ kind }) => kind === 'click')) {
        const buckets = answer.timeline.find(({ name }) => name === 'click')?.buckets ?? [];
        // Two readings of a clock lie between Boomerang's first look and its first frame.
        expect(
          buckets.some((bucket) => bucket.value > 0 && at >= bucket.at - 2 && at <= bucket.at + 102),
        ).toBe(true);
      }
  });

  it('has the words of the server for what it served, and of nothing else', () => {
    const served = pages
      .flatMap(({ answer }) => answer.resources)
      .filter(({ transferBytes }) => (transferBytes ?? 0) > 0);
    expect(served.length).toBeGreaterThan(20);
    for (const { url, serverTiming } of served) {
      const path = new URL(url).pathname;
      const work = path.startsWith('/demo/pictures/')
        ? 'draw'
        : path === '/demo/boomerang.js'
          ? null
          : 'read';
      expect([path, serverTiming.map(({ name }) => name)]).toEqual([
        path,
        work === null ? [] : [work, 'demo'],
      ]);
      for (const { duration } of serverTiming.slice(0, 1)) expect(duration).toBeLessThan(1_000);
    }
    const pictures = served.filter(({ kind }) => kind === 'img');
    expect(pictures.every(({ protocol }) => protocol === 'h1.1')).toBe(true);
    expect(pictures.some(({ element }) => element !== null && element.width > 100)).toBe(true);
  });

  it('has each layout shift with the elements that moved, as far as they moved', () => {
    for (const { answer, beacons } of pages) {
      const told = beacons.flatMap(shiftsOf).toSorted((a, b) => a.at - b.at);
      expect(answer.layoutShifts.map(({ at, value }) => [at, value])).toEqual(
        told.map(({ at, value }) => [at, value]),
      );
      const elements = told.flatMap((shift) => shift.elements);
      const read = answer.layoutShifts.flatMap((shift) => shift.elements);
      expect(read.map(({ selector }) => selector)).toEqual(elements.map(({ selector }) => selector));
      for (const [index, { from, to }] of read.entries()) {
        const { before, added } = elements[index] ?? {};
        for (const [key, name] of Object.entries(SIDES)) {
          // `parseInt` stops at the point.
          expect(Math.trunc(from[name])).toBe(base36(before?.[key]));
          expect(Math.trunc(to[name] - from[name])).toBe(base36(added?.[key] ?? '0'));
        }
      }
      const tops = numbers(beacons, 'c.cls.tops');
      const largest = answer.layoutShifts.find(({ value }) => value === Math.max(...tops));
      expect(largest?.elements[0]?.selector).toBe(
        beacons.find((beacon) => beacon.has('c.cls.topid'))?.get('c.cls.topid'),
      );
    }
    expect(pages.flatMap(({ answer }) => answer.layoutShifts).length).toBeGreaterThan(1);
  });

  it('has each slow event, and that of INP among them', () => {
    for (const { answer, beacons } of pages) {
      const told = beacons
        .flatMap(eventsOf)
        .map(({ s, d, p, c, i, t = '' }) =>
          [base36(s), base36(d), base36(p), c === '1', i === undefined ? null : base36(i), t].join(' '),
        );
      const read = answer.slowEvents.map(
        ({ start, duration, processing, isCancelable, interaction, target }) =>
          [start, duration, processing, isCancelable, interaction, target].join(' '),
      );
      expect(read.toSorted()).toEqual(told.toSorted());
      const inp = beacons.find((beacon) => beacon.has('et.inp'));
      const [slowest] = answer.slowEvents
        .filter(({ interaction }) => interaction !== null)
        .toSorted((a, b) => b.duration - a.duration);
      if (inp !== undefined)
        expect([String(slowest?.duration), slowest?.target]).toEqual([
          inp.get('et.inp'),
          inp.get('et.inp.e'),
        ]);
    }
    const names = pages.flatMap(({ answer }) => answer.slowEvents.map(({ name }) => name));
    expect([...new Set(names)]).toEqual(expect.arrayContaining(['pointerdown', 'pointerenter']));
  });

  it('has the error with its stack and its moment', () => {
    const failed = pages.filter(({ beacons }) => beacons.some((beacon) => beacon.has('err')));
    expect(pages.filter(({ answer }) => answer.errors.length > 0)).toEqual(failed);
    const [page] = failed;
    const told = page?.beacons.find((beacon) => beacon.has('err'));
    expect(page?.answer.errors).toEqual([
      {
        at: base36(/\bd~'(\w+)/.exec(told?.get('err') ?? '')?.[1]) - base36(told?.get('c.e')),
        time: expect.stringMatching(/^2026-/),
        count: 1,
        type: 'Error',
        message: 'the demo shop is out of chairs',
        via: 'global',
        source: 'app',
        code: null,
        frames: [
          {
            function: 'HTMLDocument.<anonymous>',
            file: 'http://shop.example/demo/page.js',
            line: 35,
            column: 48,
          },
        ],
        events: [],
        extra: '',
      },
    ]);
  });

  it("has the fetch of Boomerang's own file, as ResourceTiming has it", () => {
    const loaded = pages.filter(({ beacons }) => beacons.some((each) => each.has('rt.bmr')));
    expect(loaded.length).toBeGreaterThan(2);
    for (const { answer } of loaded) {
      const [file] = answer.boomerangFiles;
      const fetched = answer.resources.find(({ url }) => url.endsWith('/boomerang.js'));
      expect(file?.file).toBe('boomerang');
      for (const name of ['start', 'requestStart', 'responseStart', 'end'] as const)
        expect(file?.[name]).toBe(fetched?.[name]);
    }
  });
});

describe('what browsers seldom tell', () => {
  it('is read from the beacon that tells it', () => {
    expect(handmade.errors).toMatchObject([
      {
        at: 1_500,
        count: 2,
        type: 'TypeError',
        via: 'network',
        source: 'boomerang',
        code: 503,
        extra: '{"cart":[1,2]}',
        frames: [
          { function: 'buy', file: 'https://a.example/x.js', line: 3, column: 9 },
          { function: 'wrap', file: 'https://cdn.example/y.js', line: 1, column: null },
          { function: '', file: '', line: null, column: null },
        ],
        events: [
          { kind: 'click', before: 400, tag: 'BUTTON', id: 'buy' },
          { kind: 'network', before: 200, method: 'POST', url: '/api', result: '503' },
        ],
      },
    ]);
    expect(handmade.boomerangFiles.map(({ file, start, end }) => [file, start, end])).toEqual([
      ['boomerang', 203, 352],
      ['configuration', 400, 405],
    ]);
    expect(handmade.resources.map(({ encodedBytes, ownData }) => [encodedBytes, ownData])).toEqual([
      [
        360,
        [
          { name: 'shop', value: 'hero' },
          { name: 'note', value: 'a*1zz' },
        ],
      ],
    ]);
    expect(handmade.layoutShifts).toEqual([{ at: 900, value: 0.03, elements: [] }]);
  });

  it('is nothing where a page tells nothing of it', () => {
    const quiet = pages.filter(({ beacons }) => !beacons.some((each) => each.has('c.cls.d')));
    expect(quiet.length).toBeGreaterThan(0);
    for (const { answer } of quiet) expect(answer.layoutShifts).toEqual([]);
  });
});

/** A beacon without the Compression plug-in, with all that Chromium did not tell of the demo's pages. */
const HANDMADE: Recorded = {
  query: '',
  body: String(
    new URLSearchParams({
      u: 'https://a.example/handmade',
      pid: 'handmade',
      'rt.si': '0a1b2c3d-0000-4000-8000-000000000009-t0abcd',
      'rt.start': 'navigation',
      'rt.tstart': '1780000000000',
      nt_nav_st: '1780000000000',
      nt_res_st: '1780000000100',
      n: '1',
      'rt.bmr': '203,149,134,2',
      'rt.cnf': '400,5',
      'c.cls': '0.03',
      'c.cls.d': '[{"t":"p0","v":"u","s":[]}]',
      restiming: '{"https://a.example/hero.jpg":"12s,2s,1e*1a0*7h2*5shop:hero*5note:a*1zz"}',
      err: JSON.stringify([
        {
          n: 2,
          m: 'no chairs',
          t: 'TypeError',
          d: (1_780_000_001_500).toString(36),
          v: 3,
          s: 2,
          c: 503,
          x: { cart: [1, 2] },
          f: [{ f: 'buy', wo: '/x.js', l: 3, c: 9 }, { f: 'wrap', w: 'https://cdn.example/y.js', l: 1 }, {}],
          e: [
            { t: 1, d: 400, g: 'BUTTON', i: 'buy' },
            { t: 2, d: 200, m: 'POST', u: '/api', r: 503 },
          ],
        },
      ]),
    }),
  ),
};

const SIDES = { x: 'x', y: 'y', w: 'width', h: 'height' } as const;

interface Recorded {
  readonly body: string;
  readonly query: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/beacons/recorded.json', import.meta.url), 'utf8'),
) as readonly Recorded[];
