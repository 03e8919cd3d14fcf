import { expect } from 'vitest';
import { VITAL_IDS } from '#vitals';
import type { CoverageAnswer } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { valuesOf } from '../slow.ts';
import type { StitchedView } from '../slow-views.ts';
import { type Check, chosen, forAny } from './check.ts';

/** It counts what is known of the page views of each browser and each version of Boomerang. */
export const coverage: Check = ({ ask, views, selections }) =>
  forAny([selections], async (by) => {
    const answer = await ask<CoverageAnswer>('coverage', queryOf(by));
    const all = chosen(views, by);
    expect(answer.total).toEqual(countsOf(all));
    expect(answer.browsers).toEqual(countsBy('browser', all, ({ dimensions }) => dimensions.browser));
    expect(answer.versions).toEqual(
      countsBy('version', all, ({ dimensions }) => dimensions.boomerang_version),
    );
    expect(answer.source.hasGenerated).toBe(all.some(({ isGenerated }) => isGenerated));
  });

const countsOf = (some: readonly StitchedView[]) => ({
  views: some.length,
  hidden: some.filter(({ isHidden }) => isHidden).length,
  loaded: some.filter(({ isLoaded }) => isLoaded).length,
  left: some.filter(({ isLoaded, hasQuit }) => isLoaded && hasQuit).length,
  vitals: VITAL_IDS.map((id) => ({ vital: id, samples: valuesOf(some, id).length })),
});

/** Those with the most page views first. */
const countsBy = <N extends string>(
  name: N,
  all: readonly StitchedView[],
  valueOf: (view: StitchedView) => string,
) =>
  [...Map.groupBy(all, valueOf)]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([value, some]) => ({ [name]: value, ...countsOf(some) }));
