/** A corner of a path in px; null is a gap, and stays one. */
export type PathPoint = readonly [x: number, y: number] | null;

/** SVG path through the points; a point between two gaps becomes a dot (a line without length, visible with round caps). */
export const linePath = (points: readonly PathPoint[]): string =>
  runsOf(points)
    .map((run) => (run.length === 1 ? `M${at(run[0])}h0` : `M${run.map(at).join('L')}`))
    .join('');

/** SVG path of the outline of touching bars, each `[left, right, top]`, standing on `base`. */
export const outlinePath = (
  bars: readonly (readonly [left: number, right: number, top: number])[],
  base: number,
): string => {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return '';
  const steps = bars.map(([left, right, top]) => `L${round(left)},${round(top)}H${round(right)}`).join('');
  return `M${round(first[0])},${round(base)}${steps}L${round(last[1])},${round(base)}`;
};

const runsOf = (points: readonly PathPoint[]): readonly (readonly (readonly [number, number])[])[] => {
  const runs: (readonly [number, number])[][] = [];
  let run: (readonly [number, number])[] | null = null;
  for (const point of points) {
    if (point === null) run = null;
    else if (run === null) runs.push((run = [point]));
    else run.push(point);
  }
  return runs;
};

const at = (point: readonly [number, number] | undefined): string =>
  point === undefined ? '' : `${round(point[0])},${round(point[1])}`;

const round = (value: number): number => Math.round(value * 100) / 100;
