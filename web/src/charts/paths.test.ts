import { expect, it } from 'vitest';
import { linePath, outlinePath } from './paths.ts';

it('keeps a gap open', () => {
  expect(linePath([[0, 1], [10, 2], null, [30, 4], [40, 5]])).toBe('M0,1L10,2M30,4L40,5');
});

it('draws a lonely point as a dot', () => {
  expect(linePath([null, [3, 4], null])).toBe('M3,4h0');
});

it('walks the outline of bars from the base and back', () => {
  expect(
    outlinePath(
      [
        [0, 5, 8],
        [5, 10, 2],
      ],
      10,
    ),
  ).toBe('M0,10L0,8H5L5,2H10L10,10');
  expect(outlinePath([], 10)).toBe('');
});
