import { expect, test } from 'vitest';
import { timeShares } from './time-shares.ts';

const line = (name: string, ...views: readonly number[]) => ({
  name,
  points: views.map((count, day) => ({ at: `2026-11-0${day + 1}T00:00:00.000Z`, views: count })),
});

test('the page views of a step are divided among the lines', () => {
  expect(timeShares([line('hard', 3, 0), line('soft', 1, 5)])).toEqual([
    { at: '2026-11-01T00:00:00.000Z', views: 4, shares: [0.75, 0.25] },
    { at: '2026-11-02T00:00:00.000Z', views: 5, shares: [0, 1] },
  ]);
});

test('a step without page views has no shares, and there is nothing without lines', () => {
  expect(timeShares([line('hard', 0), line('soft', 0)])[0]?.shares).toEqual([0, 0]);
  expect(timeShares([])).toEqual([]);
});
