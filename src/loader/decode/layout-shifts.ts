import { asList, asMap, asText, decodeObject, readBase36 } from '#encodings';

/** One layout shift: when (ms since navigation start) and how large. */
export interface LayoutShift {
  readonly at: number;
  readonly value: number;
}

const MAX_SHIFTS = 200;
const MAX_AT = 3_600_000;
const MAX_VALUE = 100;

/**
 * Reads `c.cls.d`: the shifts since the beacon before, in order of time. `v` is the value × 1000 and `t` the start, both base 36 (the
 * start with decimals, which are cut). Null when it cannot be read.
 */
export const readLayoutShifts = (text: string): readonly LayoutShift[] | null => {
  const list = decodeObject(text);
  if (!Array.isArray(list)) return null;
  const shifts: LayoutShift[] = [];
  for (const item of asList(list).slice(0, MAX_SHIFTS)) {
    const shift = asMap(item);
    const [start = ''] = asText(shift?.get('t')).split('.', 1);
    const at = readBase36(start);
    const value = readBase36(asText(shift?.get('v'))) / 1_000;
    if (at >= 0 && at <= MAX_AT && value >= 0 && value <= MAX_VALUE) shifts.push({ at, value });
  }
  return shifts.sort((a, b) => a.at - b.at);
};

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
