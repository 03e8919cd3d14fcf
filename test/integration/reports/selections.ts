import fc from 'fast-check';
import { ROLLUP_DIMENSIONS } from '#warehouse';
import type { Filter, Selection } from '../../../src/modules/reports/contract.ts';
import type { SlowView } from './slow.ts';

/** In what selections lie. */
export interface SelectedFrom {
  readonly views: readonly SlowView[];
  readonly sites: readonly string[];
  /** Epoch ms. */
  readonly begin: number;
  readonly end: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TEXTS = ['a', '/p', "'", 'MOB', 'утро', '%', '\\', 'ж'];

/** Any selection: periods that begin and end beside page views, on hours or anywhere; filters of all dimensions, or everything up to or from a page view. */
export const selectionsOf = ({ views, sites, begin, end }: SelectedFrom): fc.Arbitrary<Selection> => {
  const filter: fc.Arbitrary<Filter> = fc.constantFrom(...ROLLUP_DIMENSIONS).chain((dimension) => {
    const known = [...new Set(views.map((view) => view.dimensions[dimension] ?? ''))];
    return fc.oneof(
      fc.record({
        dimension: fc.constant(dimension),
        op: fc.constantFrom('is' as const, 'is_not' as const),
        values: fc.subarray([...known, 'nowhere'], { minLength: 1, maxLength: Math.min(known.length, 4) }),
      }),
      fc.record({
        dimension: fc.constant(dimension),
        op: fc.constantFrom('contains' as const, 'begins' as const),
        values: fc.subarray(TEXTS, { minLength: 1, maxLength: 2 }),
      }),
    );
  });
  const moment = (from: number, to: number): fc.Arbitrary<string> => {
    const begun = views.map(({ startedAt }) => startedAt).filter((at) => at >= from && at < to);
    const [first, last] = [Math.ceil(from / HOUR), Math.floor(to / HOUR)];
    return fc
      .oneof(
        { weight: 1, arbitrary: fc.integer({ min: from, max: to }) },
        { weight: 1, arbitrary: fc.integer({ min: first, max: last }).map((hour) => hour * HOUR) },
        {
          weight: 4,
          arbitrary: fc
            .tuple(fc.constantFrom(...begun), fc.constantFrom(-1_000, 0, 0, 1_000))
            .map(([at, beside]) => Math.max(from, at + beside)),
        },
      )
      .map(wholeSecond);
  };
  const anything = fc.record({
    site: fc.option(fc.constantFrom(...sites), { freq: 2 }),
    from: mostly(moment(begin - DAY, end - DAY), wholeSecond(begin)),
    to: mostly(moment(end - DAY + 2_000, end + DAY), wholeSecond(end)),
    filters: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(filter, { maxLength: 2 }) },
    ),
    navigations: fc.constantFrom(...(['hard', 'hard', 'soft', 'bfcache', 'all', 'all'] as const)),
    percentile: fc.constantFrom(50, 75, 90, 95, 99),
    bots: fc.boolean(),
  });
  // Whether the page view at the border is in or out must not depend on anything else.
  const atBorder = fc
    .record({
      at: fc.constantFrom(...views.map(({ startedAt }) => Math.max(startedAt, begin + 1_000))),
      beside: fc.constantFrom(0, 0, 1_000),
      isEnd: fc.boolean(),
      percentile: fc.constantFrom(50, 75, 99),
    })
    .map(
      ({ at, beside, isEnd, percentile }): Selection => ({
        site: null,
        from: wholeSecond(isEnd ? begin - DAY : at + beside),
        to: wholeSecond(isEnd ? at + beside : end + DAY),
        filters: [],
        navigations: 'all',
        percentile,
        bots: true,
      }),
    );
  return fc.oneof({ weight: 3, arbitrary: anything }, { weight: 2, arbitrary: atBorder });
};

const mostly = (moment: fc.Arbitrary<string>, otherwise: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: moment }, { weight: 1, arbitrary: fc.constant(otherwise) });

/** The second in which a moment (epoch ms) lies, ISO. */
export const wholeSecond = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();
