import { expect } from 'vitest';
import { rate } from '#vitals';
import type { BounceAnswer, DistributionAnswer } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { percentile, tolerance, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectFigures, expectNear, vital } from './figures.ts';

/** It shows a distribution that holds every value once. */
export const distribution: Check = ({ ask, views, selections }) =>
  forAny([selections, vital], async (by, id) => {
    const answer = await ask<DistributionAnswer>('distribution', queryOf(by, { vital: id }));
    const sorted = valuesOf(chosen(views, by), id);
    const half = tolerance(id, 0) / 100;
    for (const { from, to, count, rating } of answer.buckets) {
      expect(sorted.filter((value) => value >= from - half && value <= to + half)).toHaveLength(count);
      expect([rate(id, from), rate(id, to)]).toEqual([rating, rating]);
    }
    expect(answer.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(sorted.length);
    expect(answer.percentiles.map(({ p }) => p)).toEqual([50, 75, 90, 95, 99]);
    for (const { p, value } of answer.percentiles) expectNear(id, value, percentile(sorted, p));
    expectFigures(answer.figures, chosen(views, by), id, by.percentile);
  });

/** It counts bounces among landings of the same slowness. */
export const bounce: Check = ({ ask, views, selections }) =>
  forAny([selections, vital], async (by, id) => {
    const answer = await ask<BounceAnswer>('bounce', queryOf(by, { vital: id }));
    const landings = chosen(views, by).filter(
      ({ session, sessionLength }) => session !== '' && sessionLength === 1,
    );
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
  });
