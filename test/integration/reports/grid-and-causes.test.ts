import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '#core';
import { VITAL_IDS } from '#vitals';
import type {
  CausesAnswer,
  CompareAnswer,
  GridAnswer,
  Selection,
} from '../../../src/modules/reports/contract.ts';
import { type RollupWorld, startRollupWorld } from '../../support/rollup-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import { asker, queryOf, storeVisits } from './asking.ts';
import { byDimension, isSelected, percentile, shares, tolerance, valuesOf } from './slow.ts';
import { makeVisits, type SomeDimension, type Visit } from './visits.ts';

const live = testTenant('measured');
const rolled = testTenant('rolled');
const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 9, 1);
const END = Date.UTC(2026, 9, 22);
const SITES = ['a.example', 'b.example', 'c.example'];
const visits = makeVisits(3, 1_500, BEGIN, END);
const RUNS = { numRuns: 10, endOnFailure: true } as const;

let world: RollupWorld;

beforeAll(async () => {
  world = await startRollupWorld();
  for (const { id } of [live, rolled]) await storeVisits(world, id, visits);
  // The last days are still made from beacons, so reports read both.
  await world.settle(world.rollup(rolled, createManualClock(END - 4 * DAY)), rolled);
}, 120_000);
afterAll(() => world.stop());

const moment = (min: number, max: number) =>
  fc.integer({ min, max }).map((ms) => new Date(Math.floor(ms / 1_000) * 1_000).toISOString());
const selection: fc.Arbitrary<Selection> = fc.record({
  site: fc.option(fc.constantFrom(...SITES), { freq: 2 }),
  from: moment(BEGIN - DAY, END - 8 * DAY),
  to: moment(END - 7 * DAY, END + DAY),
  filters: fc.subarray([
    { dimension: 'country', op: 'is_not' as const, values: ['US'] },
    { dimension: 'device', op: 'is' as const, values: ['mobile', 'unknown'] },
  ]),
  navigations: fc.constantFrom('hard' as const, 'all' as const),
  percentile: fc.constantFrom(50, 75, 95),
  bots: fc.boolean(),
});
const dimension = fc.constantFrom<SomeDimension>(
  ...(['device', 'page_group', 'url_path', 'country', 'engine', 'utm_source'] as const),
);

const chosen = (by: Selection): readonly Visit[] => visits.filter((visit) => isSelected(visit, by));

/** The commonest values; of as many page views, the first by name. */
const commonest = (of: readonly Visit[], by: SomeDimension, most: number): readonly string[] =>
  [...byDimension(of, by)]
    .toSorted(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value);

describe.each([live, rolled])('of made-up visits of the tenant $id', (tenant) => {
  const ask = <A>(path: string, query: URLSearchParams): Promise<A> =>
    asker(world, tenant.id, END, SITES)<A>(path, query);

  it('a grid has the figures of each pair of values that has page views', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        dimension,
        dimension,
        fc.constantFrom(...VITAL_IDS),
        async (by, rows, columns, vital) => {
          const answer = await ask<GridAnswer>('grid', queryOf(by, { rows, columns, vital }));
          const all = chosen(by);
          const namesOf = (each: SomeDimension) =>
            each === 'device' ? ['mobile', 'tablet', 'desktop'] : commonest(all, each, 6);
          expect([answer.rows, answer.columns]).toEqual([namesOf(rows), namesOf(columns)]);
          const pairs = answer.rows.flatMap((row) => answer.columns.map((column) => [row, column] as const));
          const there = pairs
            .map(([row, column]) => ({
              row,
              column,
              of: all.filter(({ dimensions }) => dimensions[rows] === row && dimensions[columns] === column),
            }))
            .filter(({ of }) => of.length > 0);
          expect(
            answer.cells.map((cell) => [answer.rows[cell.row], answer.columns[cell.column], cell.views]),
          ).toEqual(there.map(({ row, column, of }) => [row, column, of.length]));
          for (const [index, { of }] of there.entries()) {
            const figures = answer.cells[index]?.figures;
            const sorted = valuesOf(of, vital);
            const exact = percentile(sorted, by.percentile);
            expect(figures).toMatchObject({ vital, samples: sorted.length });
            expect(figures?.coverage).toBeCloseTo(sorted.length / of.length, 12);
            expect(figures?.shares?.good ?? null).toEqual(
              sorted.length === 0 ? null : (expect.closeTo(shares(sorted, vital)?.good ?? -1, 12) as number),
            );
            if (exact === null) expect(figures?.value).toBeNull();
            else
              expect(Math.abs((figures?.value ?? Number.NaN) - exact)).toBeLessThanOrEqual(
                tolerance(vital, exact),
              );
          }
          expect(answer.source.hasGenerated).toBe(all.some(({ isGenerated }) => isGenerated));
        },
      ),
      RUNS,
    );
  }, 60_000);

  it('likely causes alone are those of the whole comparison, which leaves them out when told to', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        fc.option(fc.constantFrom('BG', 'DE'), { freq: 2 }),
        async (by, country) => {
          const query = queryOf(by);
          if (country !== null) query.set('b.filter', `country:is:${country}`);
          const whole = await ask<CompareAnswer>('compare', query);
          const alone = await ask<CausesAnswer>('causes', query);
          expect(alone.likelyCauses).toEqual(whole.likelyCauses);
          expect([alone.a, alone.b]).toEqual(
            [whole.a, whole.b].map((side) => ({ selection: side.selection, views: side.views })),
          );
          expect(alone.a.views).toBe(chosen(by).length);
          expect(alone.source.hasGenerated).toBe(whole.source.hasGenerated);
          query.set('causes', 'without');
          const { source, ...without } = await ask<CompareAnswer>('compare', query);
          expect({ ...without, source: whole.source }).toEqual({ ...whole, likelyCauses: [] });
          expect(source.hasGenerated).toBe(whole.source.hasGenerated);
        },
      ),
      RUNS,
    );
  }, 60_000);
});

describe('a report', () => {
  it('looks once how far page views are rolled up, whatever the number of its statements', async () => {
    const queries: string[] = [];
    const { client } = world;
    const counted = new Proxy(client, {
      get: (target, name: keyof typeof client) => {
        const member: unknown = target[name];
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          queries.push((args[0] as { readonly query?: string } | undefined)?.query ?? '');
          return (member as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    const watched = { ...world, warehouse: { ...world.warehouse, client: counted } };
    const answer = await asker(
      watched,
      rolled.id,
      END,
      SITES,
    )<GridAnswer>('grid', new URLSearchParams('rows=country&columns=engine'));
    expect(answer.source.rolledUpTo).not.toBeNull();
    expect(queries.filter((query) => query.includes('minIf(hour, hour > 0)'))).toHaveLength(1);
    expect(queries.filter((query) => /FROM \(SELECT /.test(query))).toHaveLength(3);
  });
});
