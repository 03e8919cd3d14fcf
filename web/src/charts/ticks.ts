/** About `count` round numbers from `from` to `to`: 1, 2, 2.5 or 5 times a power of ten apart. */
export const linearTicks = (from: number, to: number, count: number): readonly number[] => {
  if (!(to > from) || count < 1) return [from];
  const step = roundStep((to - from) / count);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => cleaned((first + index) * step));
};

/** The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is at least `step`. */
const roundStep = (step: number): number => {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
};

/** A round number at which an axis from 0 may end: at least `largest`, and at least one tick above nothing. */
export const axisEnd = (largest: number, count = 4): number => {
  if (!(largest > 0)) return 1;
  const step = roundStep(largest / count);
  return cleaned(Math.ceil(largest / step - 1e-9) * step);
};

/** 1, 2 and 5 times the powers of ten from `from` to `to` (both above 0), thinned to at most `most`. */
export const logTicks = (from: number, to: number, most: number): readonly number[] => {
  const sets = [[1, 2, 5], [1, 3], [1]];
  for (const factors of sets) {
    const ticks = decades(from, to).flatMap((power) => factors.map((factor) => cleaned(factor * power)));
    const inside = ticks.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
    if (inside.length <= most) return inside;
  }
  return [];
};

const decades = (from: number, to: number): readonly number[] => {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
};

/** Without the dust of binary fractions. */
const cleaned = (value: number): number => Number(value.toPrecision(12));
