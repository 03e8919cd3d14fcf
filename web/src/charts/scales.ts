/** Maps values onto a length in px and back. */
export interface PositionScale {
  readonly position: (value: number) => number;
  readonly value: (position: number) => number;
}

/** Evenly: `from` lies at `start` px and `to` at `end` px; `end` may be the smaller one (an upward axis). */
export const linearScale = (from: number, to: number, start: number, end: number): PositionScale => {
  const ratio = to === from ? 0 : (end - start) / (to - from);
  return {
    position: (value) => start + (value - from) * ratio,
    value: (position) => (ratio === 0 ? from : from + (position - start) / ratio),
  };
};

/** By ratios: twice as much is always as far. `from` and `to` are above 0; what is below `from` lies at `from`. */
export const logScale = (from: number, to: number, start: number, end: number): PositionScale => {
  const scale = linearScale(Math.log(from), Math.log(to), start, end);
  return {
    position: (value) => scale.position(Math.log(Math.max(from, value))),
    value: (position) => Math.exp(scale.value(position)),
  };
};
