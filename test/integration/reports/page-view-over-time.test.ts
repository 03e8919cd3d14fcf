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

beforeAll(async () => {
  world = await startTestWarehouse();
  const { client } = world.warehouse;
  const layout = { kind: 'server' } as const;
  await createMigrator({ client, layout, clock: systemClock, log: silentLog, parallel: 1 }).migrate([tenant]);
  const { decode } = createBeaconRows(
    { pageGroups: [], keepQuery: true, keepUserAgent: false },
    { geo: { find: () => ({ country: '', city: null }) } },
  );
  const rows = recorded.map(({ body, query }, index) =>
    decode(aBeacon({}, { body, query, offset: index * 10_000, receivedAt: BEGIN + index * 1_000 })),
  );
  await insertBeaconRows(client, tenant, rows);
  const list = await ask<PageViewsAnswer>('page-views', 'order=newest&limit=200&bots=with&navigations=all');
  const answers = await Promise.all(
    list.views.map(({ id }) => ask<PageViewAnswer>('page-views/{id}', '', id)),
  );
  pages = answers.map((answer) => {
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
});

interface Recorded {
  readonly body: string;
  readonly query: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/beacons/recorded.json', import.meta.url), 'utf8'),
) as readonly Recorded[];
