import fc from 'fast-check';
import { expect } from 'vitest';
import { ENOUGH_TO_RATE, VITAL_IDS } from '#vitals';
import { ROLLUP_DIMENSIONS } from '#warehouse';
import type { CausesAnswer, CompareAnswer, Selection } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { byDimension, type SlowView, split, tolerance, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectFigures, expectSplit } from './figures.ts';

/** It compares two selections, splits the difference and names what differs. */
export const compare: Check = ({ ask, views, selections }) =>
  forAny(
    [selections, fc.option(selections, { freq: 4 }), fc.constantFrom(...ROLLUP_DIMENSIONS)],
    async (a, other, by) => {
      const answer = await ask<CompareAnswer>('compare', queryOfBoth(a, other, { by }));
      const b = other ?? periodBefore(a);
      const [viewsA, viewsB] = [chosen(views, a), chosen(views, b)];
      expect([answer.a.selection, answer.b.selection]).toEqual([a, b]);
      expect([answer.a.views, answer.b.views]).toEqual([viewsA.length, viewsB.length]);
      for (const [index, id] of VITAL_IDS.entries()) {
        expectFigures(answer.a.vitals[index], viewsA, id, a.percentile);
        expectFigures(answer.b.vitals[index], viewsB, id, b.percentile);
        const enough = [viewsA, viewsB].every((side) => valuesOf(side, id).length >= ENOUGH_TO_RATE);
        const change = answer.changes[index] ?? null;
        if (!enough) expect(change).toBeNull();
        else
          expectSplit(
            change,
            split(viewsA, viewsB, id, ({ dimensions }) => dimensions[by] ?? ''),
          );
      }
      expect(answer.distributions.map(({ vital }) => vital)).toEqual(['lcp', 'inp', 'cls']);
      for (const { vital, bins } of answer.distributions) {
        const half = tolerance(vital, 0) / 100;
        const sides = [viewsA, viewsB].map((side) => valuesOf(side, vital));
        for (const bin of bins)
          expect([bin.a, bin.b]).toEqual(
            sides.map(
              (values) => values.filter((value) => value >= bin.from - half && value <= bin.to + half).length,
            ),
          );
        expect(bins.reduce((sum, bin) => sum + bin.a, 0)).toBe(sides[0]?.length);
        expect(bins.reduce((sum, bin) => sum + bin.b, 0)).toBe(sides[1]?.length);
      }
      expectCauses(answer, viewsA, viewsB);
      const without = await ask<CompareAnswer>('compare', queryOfBoth(a, other, { by, causes: 'without' }));
      expect({ ...without, source: null }).toEqual({ ...answer, likelyCauses: [], source: null });
    },
  );

/** It names what differs between two selections alone. */
export const causes: Check = ({ ask, views, selections }) =>
  forAny([selections, fc.option(selections, { freq: 4 })], async (a, other) => {
    const answer = await ask<CausesAnswer>('causes', queryOfBoth(a, other));
    const b = other ?? periodBefore(a);
    const [viewsA, viewsB] = [chosen(views, a), chosen(views, b)];
    expect([answer.a, answer.b]).toEqual([
      { selection: a, views: viewsA.length },
      { selection: b, views: viewsB.length },
    ]);
    expect(answer.source.hasGenerated).toBe([...viewsA, ...viewsB].some(({ isGenerated }) => isGenerated));
    expectCauses(answer, viewsA, viewsB);
  });

/** The same selection in the period of the same length that ended where this one begins. */
const periodBefore = (selection: Selection): Selection => ({
  ...selection,
  from: new Date(2 * Date.parse(selection.from) - Date.parse(selection.to)).toISOString(),
  to: selection.from,
});

/** The parameters of both sides; what the other one does not have is taken away. Without another, nothing is said of it. */
const queryOfBoth = (
  a: Selection,
  other: Selection | null,
  more: Readonly<Record<string, string>> = {},
): URLSearchParams => {
  const query = queryOf(a, more);
  if (other === null) return query;
  if (other.site === null) query.set('b.site', '');
  if (other.filters.length === 0) query.set('b.filter', '');
  for (const [key, value] of queryOf(other)) query.append(`b.${key}`, value);
  return query;
};

/** As many values as pages, or the result said again. */
const NO_CAUSES: ReadonlySet<string> = new Set([
  'url_path',
  'city',
  'referrer_host',
  'navigation',
  'lcp_selector',
  'inp_selector',
  'cls_selector',
]);

const expectCauses = (
  { likelyCauses }: Pick<CausesAnswer, 'likelyCauses'>,
  a: readonly SlowView[],
  b: readonly SlowView[],
): void => {
  const distances = likelyCauses.map(({ distance }) => distance);
  expect(distances).toEqual(distances.toSorted((x, y) => y - x));
  for (const dimension of ROLLUP_DIMENSIONS) {
    const cause = likelyCauses.find((each) => each.dimension === dimension);
    if (Math.min(a.length, b.length) < ENOUGH_TO_RATE || NO_CAUSES.has(dimension)) {
      expect(cause).toBeUndefined();
      continue;
    }
    const differences = differencesOf(a, b, dimension);
    expect(cause?.distance ?? 0).toBeCloseTo(
      differences.reduce((sum, { difference }) => sum + difference, 0) / 2,
      9,
    );
    if (cause === undefined) continue;
    const named = differences.find(({ value }) => value === cause.value);
    expect(named?.difference).toBeCloseTo(Math.max(...differences.map(({ difference }) => difference)), 9);
    expect([cause.shareA, cause.shareB]).toEqual([
      expect.closeTo(named?.shareA ?? -1, 9),
      expect.closeTo(named?.shareB ?? -1, 9),
    ]);
  }
};

const differencesOf = (a: readonly SlowView[], b: readonly SlowView[], dimension: string) => {
  const [groupsA, groupsB] = [byDimension(a, dimension), byDimension(b, dimension)];
  return [...new Set([...groupsA.keys(), ...groupsB.keys()])].map((value) => {
    const shareA = (groupsA.get(value)?.length ?? 0) / a.length;
    const shareB = (groupsB.get(value)?.length ?? 0) / b.length;
    return { value, shareA, shareB, difference: Math.abs(shareA - shareB) };
  });
};
