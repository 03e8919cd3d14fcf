import { type VitalId, VITALS } from '#vitals';

/** A round value on an axis, as short as it can be: `2 s`, `2.5 s`, `400 ms`, `0.25`. */
export const tickLabel = (vital: VitalId, value: number): string => {
  if (value === 0) return '0';
  if (VITALS[vital].unit === '') return String(Number(value.toPrecision(3)));
  return value >= 1_000
    ? `${Number((value / 1_000).toPrecision(3))} s`
    : `${Number(value.toPrecision(3))} ms`;
};
