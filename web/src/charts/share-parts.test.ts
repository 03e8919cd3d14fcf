import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sharePartsOf } from './share-parts.ts';

it('rounds percents so that they add up to 100', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 1, max: 999 }),
      (a, b, c) => {
        const n = a + b + c;
        const parts = sharePartsOf({ good: a / n, needsImprovement: b / n, poor: c / n });
        expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
      },
    ),
  );
});

it('gives the missing percent to the largest remainder', () => {
  const parts = sharePartsOf({ good: 0.333, needsImprovement: 0.338, poor: 0.329 });
  expect(parts.map(({ percent }) => percent)).toEqual([33, 34, 33]);
});
