import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '#core';
import { ENOUGH_TO_RATE, rate, type VitalId, VITAL_IDS } from '#vitals';
import type {
  BounceAnswer,
  Breakdown,
  CompareAnswer,
  DistributionAnswer,
  Filter,
  HeatAnswer,
  Selection,
  Series,
  Summary,
  VitalFigures,
} from '../../../src/modules/reports/contract.ts';
import { type RollupWorld, startRollupWorld } from '../../support/rollup-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import { asker, queryOf, storeVisits } from './asking.ts';
import { atRank, byDimension, isSelected, percentile, shares, split, tolerance, valuesOf } from './slow.ts';
import { FURTHER_DIMENSIONS, HOSTILE, makeVisits, type SomeDimension, type Visit } from './visits.ts';

const live = testTenant('measured');
const rolled = testTenant('rolled');
const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 9, 1);
const END = Date.UTC(2026, 9, 22);
const visits = makeVisits(1, 2_000, BEGIN, END);
const SITES = ['a.example', 'b.example', 'c.example'];

let world: RollupWorld;
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  world = await startRollupWorld();
  for (const { id } of [live, rolled]) await storeVisits(world, id, visits);
  // The last days are still made from beacons, so reports read both.
  await world.settle(world.rollup(rolled, createManualClock(END - 4 * DAY)), rolled);
}, 120_000);
afterAll(() => world.stop());

const wholeSecond = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();
const texts = (dimension: SomeDimension): readonly string[] => [
  ...new Set(visits.map((visit) => visit.dimensions[dimension])),
];
const filter: fc.Arbitrary<Filter> = fc
  .constantFrom<SomeDimension>(
    ...(['hostname', 'url_path', 'page_group', 'device', 'country', 'release'] as const),
    ...FURTHER_DIMENSIONS,
  )
  .chain((dimension) =>
    fc.oneof(
      fc.record({
        dimension: fc.constant(dimension),
        op: fc.constantFrom('is' as const, 'is_not' as const),
        values: fc.subarray([...texts(dimension), 'nowhere', HOSTILE[2] ?? ''], {
          minLength: 1,
          maxLength: 4,
        }),
      }),
      fc.record({
        dimension: fc.constant(dimension),
        op: fc.constantFrom('contains' as const, 'begins' as const),
        values: fc.subarray(['a', '/p', "'", 'MOB', 'утро', '%', '\\'], { minLength: 1, maxLength: 2 }),
      }),
    ),
  );
const selection: fc.Arbitrary<Selection> = fc.record({
  site: fc.option(fc.constantFrom(...SITES), { freq: 2 }),
  from: fc.integer({ min: BEGIN - DAY, max: END - DAY }).map(wholeSecond),
  to: fc.integer({ min: END - DAY + 1_000, max: END + DAY }).map(wholeSecond),
  filters: fc.array(filter, { maxLength: 2 }),
  navigations: fc.constantFrom(
    'hard' as const,
    'hard' as const,
    'soft' as const,
    'bfcache' as const,
    'all' as const,
  ),
  percentile: fc.constantFrom(50, 75, 90, 95, 99),
  bots: fc.boolean(),
});
const vital = fc.constantFrom<VitalId>(...VITAL_IDS);
const RUNS = { numRuns: 8, endOnFailure: true } as const;

const chosen = (by: Selection): readonly Visit[] => visits.filter((visit) => isSelected(visit, by));

const expectNear = (id: VitalId, shown: number | null, exact: number | null, width = 1): void => {
  if (shown === null || exact === null) return expect(shown).toBe(exact);
  expect(Math.abs(shown - exact)).toBeLessThanOrEqual(width * tolerance(id, exact));
};

const expectFigures = (
  shown: VitalFigures | undefined,
  of: readonly Visit[],
  id: VitalId,
  p: number,
): void => {
  const sorted = valuesOf(of, id);
  expect(shown).toMatchObject({ vital: id, samples: sorted.length });
  if (shown === undefined) return;
  expectNear(id, shown.value, percentile(sorted, p));
  expect(shown.coverage).toBeCloseTo(of.length === 0 ? 0 : sorted.length / of.length, 12);
  expectShares(shown.shares, shares(sorted, id));
  const isRated = sorted.length >= ENOUGH_TO_RATE && shown.value !== null;
  expect(shown.rating).toBe(isRated ? rate(id, shown.value ?? 0) : null);
  const half = 1.96 * Math.sqrt((sorted.length * p * (100 - p)) / 10_000);
  if (sorted.length < 20) expect(shown.interval).toBeNull();
  else {
    expectNear(
      id,
      shown.interval?.low ?? null,
      atRank(sorted, Math.floor((sorted.length * p) / 100 - half)),
      2,
    );
    expectNear(
      id,
      shown.interval?.high ?? null,
      atRank(sorted, Math.ceil((sorted.length * p) / 100 + half)),
      2,
    );
  }
};

const expectShares = (shown: unknown, exact: Readonly<Record<string, number>> | null): void => {
  if (exact === null) return expect(shown).toBeNull();
  for (const [name, share] of Object.entries(exact))
    expect((shown as Record<string, number>)[name]).toBeCloseTo(share, 12);
};

describe.each([live, rolled])('reports of made-up visits of the tenant $id', (tenant) => {
  beforeAll(async () => {
    ask = asker(world, tenant.id, END, SITES);
    const { source } = await ask<Summary>('summary', 'from=2026-10-01');
    expect(source.rolledUpTo === null).toBe(tenant === live);
  });

  it('sum up what a slow calculation finds, and why it changed', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (by) => {
        const answer = await ask<Summary>('summary', queryOf(by, { compare: 'previous' }));
        const now = chosen(by);
        const length = Date.parse(by.to) - Date.parse(by.from);
        const earlier = { ...by, from: new Date(Date.parse(by.from) - length).toISOString(), to: by.from };
        const before = chosen(earlier);
        expect(answer).toMatchObject({ selection: by, views: now.length, before: { views: before.length } });
        expect(answer.sessions).toBe(
          new Set(now.map(({ session }) => session).filter((id) => id !== '')).size,
        );
        expect(answer.source.hasGenerated).toBe([...now, ...before].some(({ isGenerated }) => isGenerated));
        for (const [index, id] of VITAL_IDS.entries()) {
          expectFigures(answer.vitals[index], now, id, by.percentile);
          expectFigures(answer.before?.vitals[index], before, id, by.percentile);
          const change = answer.changes?.[index] ?? null;
          const enough = [now, before].every((side) => valuesOf(side, id).length >= ENOUGH_TO_RATE);
          if (!enough) expect(change).toBeNull();
          else
            expectSplit(
              change,
              split(now, before, id, ({ dimensions }) => dimensions.device),
            );
        }
      }),
      RUNS,
    );
  }, 60_000);

  it('have every step of a series, with the figures of that step', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        vital,
        fc.constantFrom('day', 'week', 'hour'),
        fc.option(fc.constantFrom<SomeDimension>('device', 'page_group')),
        async (by, id, step, splitBy) => {
          const short =
            step === 'hour' ? { ...by, from: new Date(Date.parse(by.to) - 3 * DAY).toISOString() } : by;
          const answer = await ask<Series>(
            'series',
            queryOf(short, { vital: id, step, ...(splitBy !== null && { split: splitBy }) }),
          );
          const all = chosen(short);
          const groups = splitBy === null ? new Map([['', all]]) : byDimension(all, splitBy);
          expect(answer.lines).toHaveLength(Math.min(8, groups.size));
          const width = { hour: 3_600_000, day: DAY, week: 7 * DAY }[step] ?? 0;
          for (const { name, points } of answer.lines) {
            const ofLine = groups.get(name ?? '') ?? [];
            expect(points[0] !== undefined && Date.parse(points[0].at) <= Date.parse(short.from)).toBe(true);
            expect(Date.parse(points.at(-1)?.at ?? '') + width >= Date.parse(short.to)).toBe(true);
            for (const [index, point] of points.entries()) {
              const begin = Date.parse(point.at);
              expect(begin - Date.parse(points[0]?.at ?? '')).toBe(index * width);
              const sorted = valuesOf(
                ofLine.filter(({ startedAt }) => startedAt >= begin && startedAt < begin + width),
                id,
              );
              expect(point.samples).toBe(sorted.length);
              expectNear(id, point.value, percentile(sorted, by.percentile));
              expect([point.good, point.poor].map((share) => share ?? -1)).toEqual(
                [shares(sorted, id)?.good ?? -1, shares(sorted, id)?.poor ?? -1].map(
                  (share) => expect.closeTo(share, 12) as number,
                ),
              );
            }
            expect(points.reduce((sum, { views }) => sum + views, 0)).toBe(ofLine.length);
          }
        },
      ),
      RUNS,
    );
  }, 60_000);

  it('are broken down by any dimension, with a total of their own', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        vital,
        fc.constantFrom<SomeDimension>('device', 'page_group', 'url_path', 'country', ...FURTHER_DIMENSIONS),
        fc.constantFrom('views', 'impact', 'name'),
        fc.constantFrom('asc', 'desc'),
        async (by, id, dimension, order, direction) => {
          const answer = await ask<Breakdown>(
            'breakdown',
            queryOf(by, { vital: id, dimension, order, direction }),
          );
          const all = chosen(by);
          const groups = byDimension(all, dimension);
          expect(answer.totalRows).toBe(groups.size);
          expect(new Set(answer.rows.map(({ value }) => value))).toEqual(new Set(groups.keys()));
          expect(answer.total.views).toBe(all.length);
          for (const figures of answer.total.vitals)
            expectFigures(figures, all, figures.vital, by.percentile);
          for (const row of answer.rows) {
            const group = groups.get(row.value) ?? [];
            expect(row.views).toBe(group.length);
            expect(row.share).toBeCloseTo(group.length / all.length, 12);
            const good = shares(valuesOf(group, id), id)?.good ?? 1;
            expect(row.impact).toBeCloseTo(group.length * (1 - good), 6);
            for (const figures of row.vitals) expectFigures(figures, group, figures.vital, by.percentile);
          }
          if (order === 'name') return;
          const ranks = answer.rows.map((row) => row[order as 'views' | 'impact']);
          const sorted = ranks.toSorted((a, b) => (direction === 'asc' ? a - b : b - a));
          expect(ranks).toEqual(sorted.map((rank) => expect.closeTo(rank, 6) as number));
        },
      ),
      RUNS,
    );
  }, 60_000);

  it.each(['country', 'url_path'] as const)(
    'are ranked, searched and paged by %s',
    async (dimension) => {
      const query = `from=2026-10-01&to=2026-10-22&vital=lcp&order=value&dimension=${dimension}`;
      const { rows, totalRows } = await ask<Breakdown>('breakdown', query);
      const isRated = rows.map(({ vitals }) => (vitals[0]?.samples ?? 0) >= ENOUGH_TO_RATE);
      expect(isRated).toEqual(isRated.toSorted((a, b) => Number(b) - Number(a)));
      const rated = rows.filter((_, index) => isRated[index]).map(({ vitals }) => vitals[0]?.value ?? 0);
      expect(rated.length).toBeGreaterThan(2);
      expect(rated).toEqual(rated.toSorted((a, b) => b - a));
      const pages = await Promise.all(
        [0, 2, 100].map((offset) => ask<Breakdown>('breakdown', `${query}&limit=2&offset=${offset}`)),
      );
      expect(pages.map((page) => page.rows)).toEqual([rows.slice(0, 2), rows.slice(2, 4), []]);
      expect(pages.map((page) => page.totalRows)).toEqual([totalRows, totalRows, totalRows]);
      const found = await ask<Breakdown>(
        'breakdown',
        `${query}&search=${dimension === 'country' ? 'b' : 'BLOG'}`,
      );
      expect(found.rows.map(({ value }) => value)).toEqual([dimension === 'country' ? 'BG' : '/Blog/Ä']);
      expect(found.total).toEqual({ ...found.total, views: rows.reduce((sum, { views }) => sum + views, 0) });
    },
    60_000,
  );

  it('show a distribution that holds every value once', async () => {
    await fc.assert(
      fc.asyncProperty(selection, vital, async (by, id) => {
        const answer = await ask<DistributionAnswer>('distribution', queryOf(by, { vital: id }));
        const sorted = valuesOf(chosen(by), id);
        const half = tolerance(id, 0) / 100;
        for (const { from, to, count, rating } of answer.buckets) {
          expect(sorted.filter((value) => value >= from - half && value <= to + half)).toHaveLength(count);
          expect([rate(id, from), rate(id, to)]).toEqual([rating, rating]);
        }
        expect(answer.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(sorted.length);
        for (const { p, value } of answer.percentiles) expectNear(id, value, percentile(sorted, p));
        expectFigures(answer.figures, chosen(by), id, by.percentile);
      }),
      RUNS,
    );
  }, 60_000);

  it('count bounces among landings of the same slowness', async () => {
    await fc.assert(
      fc.asyncProperty(selection, vital, async (by, id) => {
        const answer = await ask<BounceAnswer>('bounce', queryOf(by, { vital: id }));
        const landings = chosen(by).filter(({ sessionLength }) => sessionLength === 1);
        const half = tolerance(id, 0) / 100;
        for (const bin of answer.bins) {
          const inside = landings.filter(({ vitals }) => {
            const value = vitals[id];
            return value !== null && value >= bin.from - half && value <= bin.to + half;
          });
          expect(bin).toMatchObject({
            landings: inside.length,
            bounces: inside.filter(({ isBounce }) => isBounce).length,
          });
        }
        expect(answer.bins.reduce((sum, bin) => sum + bin.landings, 0)).toBe(valuesOf(landings, id).length);
      }),
      RUNS,
    );
  }, 60_000);

  it('show the hours of the week and the values over time', async () => {
    await fc.assert(
      fc.asyncProperty(selection, vital, async (by, id) => {
        const all = chosen(by);
        const week = await ask<HeatAnswer>('heat', queryOf(by, { vital: id, kind: 'weekday' }));
        expect(week.cells).toHaveLength(168);
        for (const { row, column, value, views, samples } of week.cells) {
          const here = all.filter(({ startedAt }) => {
            const date = new Date(startedAt);
            return (date.getUTCDay() + 6) % 7 === row && date.getUTCHours() === column;
          });
          expect(views).toBe(here.length);
          expect(samples).toBe(valuesOf(here, id).length);
          expectNear(id, value, percentile(valuesOf(here, id), by.percentile));
        }
        const time = await ask<HeatAnswer>('heat', queryOf(by, { vital: id, kind: 'time' }));
        for (const [index, at] of time.columns.entries()) {
          const end = Date.parse(time.columns[index + 1] ?? '2100-01-01');
          const values = valuesOf(
            all.filter(({ startedAt }) => startedAt >= Date.parse(at) && startedAt < end),
            id,
          );
          const cells = time.cells.filter(({ column }) => column === index);
          expect(cells.reduce((sum, { views }) => sum + views, 0)).toBe(values.length);
          for (const { samples } of cells) expect(samples).toBe(values.length);
          const sum = cells.reduce((all, { value }) => all + (value ?? 0), 0);
          expect(sum).toBeCloseTo(values.length === 0 ? 0 : 1, 9);
        }
      }),
      RUNS,
    );
  }, 60_000);

  it('compare two selections, split the difference and name what differs', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        selection,
        fc.constantFrom<SomeDimension>('device', 'page_group'),
        async (a, b, by) => {
          const query = queryOf(a, { by });
          if (b.site === null) query.set('b.site', '');
          if (b.filters.length === 0) query.set('b.filter', '');
          for (const [key, value] of queryOf(b)) query.append(`b.${key}`, value);
          const answer = await ask<CompareAnswer>('compare', query);
          const [visitsA, visitsB] = [chosen(a), chosen(b)];
          expect([answer.a.selection, answer.b.selection]).toEqual([a, b]);
          for (const [index, id] of VITAL_IDS.entries()) {
            expectFigures(answer.a.vitals[index], visitsA, id, a.percentile);
            expectFigures(answer.b.vitals[index], visitsB, id, b.percentile);
            const enough = [visitsA, visitsB].every((side) => valuesOf(side, id).length >= ENOUGH_TO_RATE);
            const change = answer.changes[index] ?? null;
            if (!enough) expect(change).toBeNull();
            else
              expectSplit(
                change,
                split(visitsA, visitsB, id, ({ dimensions }) => dimensions[by]),
              );
          }
          for (const { vital: id, bins } of answer.distributions) {
            expect(bins.reduce((sum, bin) => sum + bin.a, 0)).toBe(valuesOf(visitsA, id).length);
            expect(bins.reduce((sum, bin) => sum + bin.b, 0)).toBe(valuesOf(visitsB, id).length);
          }
          for (const dimension of ['device', 'page_group', 'country', 'release'] as const) {
            const cause = answer.likelyCauses.find((each) => each.dimension === dimension);
            const distance = variation(visitsA, visitsB, dimension);
            if (Math.min(visitsA.length, visitsB.length) < ENOUGH_TO_RATE) expect(cause).toBeUndefined();
            else expect(cause?.distance ?? 0).toBeCloseTo(distance, 9);
          }
        },
      ),
      RUNS,
    );
  }, 60_000);
});

const expectSplit = (
  shown: { readonly total: number; readonly mix: number; readonly performance: number } | null,
  exact: ReturnType<typeof split>,
): void => {
  expect(shown?.total).toBeCloseTo(exact.total, 9);
  expect(shown?.mix).toBeCloseTo(exact.mix, 9);
  expect(shown?.performance).toBeCloseTo(exact.performance, 9);
};

const variation = (a: readonly Visit[], b: readonly Visit[], dimension: SomeDimension): number => {
  const [groupsA, groupsB] = [byDimension(a, dimension), byDimension(b, dimension)];
  const values = new Set([...groupsA.keys(), ...groupsB.keys()]);
  return (
    [...values]
      .map((value) =>
        Math.abs((groupsA.get(value)?.length ?? 0) / a.length - (groupsB.get(value)?.length ?? 0) / b.length),
      )
      .reduce((sum, difference) => sum + difference, 0) / 2
  );
};
