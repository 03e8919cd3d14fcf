import fc from 'fast-check';
import { expect } from 'vitest';
import { ENOUGH_TO_RATE, rate, type VitalId, VITAL_IDS } from '#vitals';
import type { VitalFigures } from '../../../../src/modules/reports/contract.ts';
import { atRank, percentile, shares, type SlowView, type split, tolerance, valuesOf } from '../slow.ts';

/** Any vital. */
export const vital = fc.constantFrom<VitalId>(...VITAL_IDS);

/** Is a shown value the exact one, as near as reports say? `width`: in half buckets. */
export const expectNear = (id: VitalId, shown: number | null, exact: number | null, width = 1): void => {
  if (shown === null || exact === null) return expect(shown).toBe(exact);
  expect(Math.abs(shown - exact), `${id}: ${shown} for ${exact}`).toBeLessThanOrEqual(
    width * tolerance(id, exact),
  );
};

/** Are these the figures of a vital over some page views? */
export const expectFigures = (
  shown: VitalFigures | undefined,
  of: readonly SlowView[],
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
  const half = 1.959_964 * Math.sqrt((sorted.length * p * (100 - p)) / 10_000);
  if (sorted.length < 20) return expect(shown.interval).toBeNull();
  const rank = (sorted.length * p) / 100;
  expectNear(id, shown.interval?.low ?? null, atRank(sorted, Math.floor(rank - half)), 2);
  expectNear(id, shown.interval?.high ?? null, atRank(sorted, Math.ceil(rank + half)), 2);
};

/** Are these shares of good, in between and poor ones exact? */
export const expectShares = (shown: unknown, exact: Readonly<Record<string, number>> | null): void => {
  if (exact === null) return expect(shown).toBeNull();
  for (const [name, share] of Object.entries(exact))
    expect((shown as Record<string, number>)[name]).toBeCloseTo(share, 12);
};

/** Is a change split as the sum over all groups says? */
export const expectSplit = (
  shown: { readonly total: number; readonly mix: number; readonly performance: number } | null,
  exact: ReturnType<typeof split>,
): void => {
  expect(shown?.total).toBeCloseTo(exact.total, 9);
  expect(shown?.mix).toBeCloseTo(exact.mix, 9);
  expect(shown?.performance).toBeCloseTo(exact.performance, 9);
};
