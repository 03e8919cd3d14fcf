import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Distribution, splitOfRows, VITAL_IDS, type VitalId } from '#vitals';
import { figuresOf } from '../../src/modules/reports/figures.ts';
import { changeOf } from '../../src/modules/reports/vital-changes.ts';

/*
 * Two organizations are compared by answers of each; the same numbers would come of the distributions of both, which nobody may see together.
 */

const DEVICES = ['mobile', 'desktop', 'tablet', ''];
const counts: fc.Arbitrary<Distribution> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 90 })), {
    selector: ([bucket]) => bucket,
    maxLength: 5,
  })
  .map((all) => all.toSorted(([a], [b]) => a - b));
const side: fc.Arbitrary<ReadonlyMap<string, Distribution>> = fc
  .dictionary(fc.constantFrom(...DEVICES), counts, { noNullPrototype: true })
  .map((all) => new Map(Object.entries(all)));

/** What a breakdown answers of them. */
const answered = (vital: VitalId, groups: ReadonlyMap<string, Distribution>) =>
  [...groups].map(([value, distribution]) => ({
    value,
    // As it travels.
    vitals: JSON.parse(JSON.stringify([figuresOf(vital, distribution, 10_000, 75)])) as ReturnType<
      typeof figuresOf
    >[],
  }));

test('the split between two organizations is the one of their distributions', () => {
  fc.assert(
    fc.property(fc.constantFrom(...VITAL_IDS), side, side, (vital, after, before) => {
      const whole = changeOf(vital, after, before, 'device');
      const split = splitOfRows(vital, answered(vital, after), answered(vital, before));
      expect(split).toEqual(
        whole === null ? null : { total: whole.total, mix: whole.mix, performance: whole.performance },
      );
    }),
  );
});
