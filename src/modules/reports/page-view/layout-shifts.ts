import { type DetailedShift, readDetailedShifts } from '#continuity';
import { otherOf, type OtherParameters } from './other-parameters.ts';

/** So many are shown of one page view. */
const MAX_SHIFTS = 1_000;

/** What a beacon tells of layout shifts: its list, and the columns that were made of it. */
export interface ShiftFacts {
  readonly other: OtherParameters;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/**
 * The layout shifts of a page by time. Beacons may have been stored twice; each shift counts once. A beacon whose list was not kept (rows of before, and lists that
 * are too long) still has when and how large they were.
 */
export const layoutShiftsOf = (beacons: readonly ShiftFacts[]): readonly DetailedShift[] => {
  const found = new Map<string, DetailedShift>();
  for (const beacon of beacons)
    for (const shift of shiftsOf(beacon)) {
      const key = `${shift.at} ${shift.value.toFixed(3)}`;
      if (found.get(key)?.elements.length !== 0) found.set(key, found.get(key) ?? shift);
      else if (shift.elements.length > 0) found.set(key, shift);
    }
  return [...found.values()].toSorted((a, b) => a.at - b.at).slice(0, MAX_SHIFTS);
};

const shiftsOf = ({ other, at, values }: ShiftFacts): readonly DetailedShift[] => {
  const list = otherOf(other, 'c.cls.d');
  const shifts = list === '' ? null : readDetailedShifts(list, MAX_SHIFTS);
  return (
    shifts ??
    at.map((moment, index) => ({ at: moment, value: thousandths(values[index] ?? 0), elements: [] }))
  );
};

/** As Boomerang writes it; the column has the nearest number of 32 bits. */
const thousandths = (value: number): number => Math.round(value * 1_000) / 1_000;
