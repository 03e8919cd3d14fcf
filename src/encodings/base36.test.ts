import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBase36Decimal } from './base36.ts';

describe('numbers in base 36 with a fraction', () => {
  test.each([
    ['bn.6r', 419.19],
    ['-2g', -88],
    ['-2g.6r', -88.19],
    ['-0.i', -0.5],
    ['0', 0],
    ['z.', 35],
    ['a.?', 10],
  ])('%s is %d', (text, value) => {
    expect(readBase36Decimal(text)).toBe(value);
  });

  test.each(['', '.', '.5', '-', 'a b', '-.5', 'zzzzzzzzzzzzz'])('%j is none', (text) => {
    expect(readBase36Decimal(text)).toBeNaN();
  });

  test('are read as JavaScript writes them, to a hundredth', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        // Below that, JavaScript writes more zeros than digits are read.
        fc.pre(value === 0 || Math.abs(value) > 1e-3);
        expect(Math.abs(readBase36Decimal(value.toString(36)) - value)).toBeLessThanOrEqual(0.005_01);
      }),
    );
  });
});
