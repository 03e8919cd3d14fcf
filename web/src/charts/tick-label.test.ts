import { expect, it } from 'vitest';
import { tickLabel } from './tick-label.ts';

it('writes round values without zeros at the end', () => {
  expect([2_500, 2_000, 400, 0].map((value) => tickLabel('lcp', value))).toEqual([
    '2.5 s',
    '2 s',
    '400 ms',
    '0',
  ]);
  expect([0.25, 0.1, 1].map((value) => tickLabel('cls', value))).toEqual(['0.25', '0.1', '1']);
});
