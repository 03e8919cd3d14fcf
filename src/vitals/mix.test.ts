import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GroupShare, splitChange } from './mix.ts';

const group: fc.Arbitrary<GroupShare> = fc
  .tuple(fc.nat(1_000), fc.nat(1_000))
  .map(([good, other]) => ({ good, samples: good + other }));
const groups = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), group)
  .map((all) => new Map(Object.entries(all)));
const share = (all: ReadonlyMap<string, GroupShare>): number => {
  const list = [...all.values()];
  return list.reduce((sum, { good }) => sum + good, 0) / list.reduce((sum, { samples }) => sum + samples, 0);
};
const hasValues = (all: ReadonlyMap<string, GroupShare>): boolean =>
  all.values().some(({ samples }) => samples > 0);

describe('splitChange', () => {
  test("explains Simpson's paradox: both groups became better, and the whole became worse", () => {
    const before = new Map([
      ['desktop', { samples: 800, good: 720 }],
      ['mobile', { samples: 200, good: 100 }],
    ]);
    const after = new Map([
      ['desktop', { samples: 500, good: 460 }],
      ['mobile', { samples: 500, good: 270 }],
    ]);
    const change = splitChange(after, before);
    expect(change?.total).toBeCloseTo(-0.09, 12);
    expect(change?.mix).toBeCloseTo(-0.12, 12);
    expect(change?.performance).toBeCloseTo(0.03, 12);
  });

  test('splits every change without rest', () => {
    fc.assert(
      fc.property(groups, groups, (after, before) => {
        const change = splitChange(after, before);
        if (!hasValues(after) || !hasValues(before)) {
          expect(change).toBeNull();
          return;
        }
        expect(change?.total).toBeCloseTo(share(after) - share(before), 9);
        expect((change?.mix ?? 0) + (change?.performance ?? 0)).toBeCloseTo(change?.total ?? Number.NaN, 9);
      }),
    );
  });

  test('finds no mix when the groups have the same weights', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 1, maxLength: 5 }), (goods) => {
        const side = (index: 0 | 1) =>
          new Map(goods.map((pair, key) => [key, { samples: 100, good: pair[index] }]));
        expect(splitChange(side(0), side(1))?.mix).toBeCloseTo(0, 9);
      }),
    );
  });

  test('finds no performance when no group has changed, whoever came or stayed away', () => {
    fc.assert(
      fc.property(
        groups,
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 9 })),
        (before, times) => {
          const after = new Map(
            [...before].map(([key, { samples, good }]) => {
              const factor = times[key] ?? 1;
              return [key, { samples: samples * factor, good: good * factor }];
            }),
          );
          const change = splitChange(after, before);
          if (change !== null) expect(change.performance).toBeCloseTo(0, 9);
        },
      ),
    );
  });
});
