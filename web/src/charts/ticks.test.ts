import { expect, it } from 'vitest';
import { axisEnd, linearTicks, logTicks } from './ticks.ts';

it('chooses round ticks inside the range', () => {
  expect(linearTicks(0, 5_200, 5)).toEqual([0, 2_000, 4_000]);
  expect(linearTicks(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(linearTicks(0.03, 0.31, 3)).toEqual([0.1, 0.2, 0.3]);
});

it('leaves one tick for a range without length', () => {
  expect(linearTicks(3, 3, 4)).toEqual([3]);
});

it('ends an axis at a round number that is not below the largest value', () => {
  expect(axisEnd(4_210)).toBe(6_000);
  expect(axisEnd(0.25)).toBe(0.3);
  expect(axisEnd(0)).toBe(1);
});

it('thins ticks of a logarithmic axis to what fits', () => {
  expect(logTicks(90, 1_100, 10)).toEqual([100, 200, 500, 1_000]);
  expect(logTicks(10, 100_000, 6)).toEqual([10, 100, 1_000, 10_000, 100_000]);
});
