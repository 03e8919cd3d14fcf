import type { LayoutShift } from '#continuity';

/**
 * The largest session window: shifts with less than 1 s between them, at most 5 s from first to last
 * (https://web.dev/articles/evolving-cls). 0 without shifts.
 */
export const largestWindow = (shifts: readonly LayoutShift[]): number => {
  let largest = 0;
  let sum = 0;
  let first = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (const { at, value } of shifts) {
    if (at - previous >= 1_000 || at - first >= 5_000) {
      sum = 0;
      first = at;
    }
    sum += value;
    previous = at;
    if (sum > largest) largest = sum;
  }
  return largest;
};
