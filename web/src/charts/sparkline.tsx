import { linearScale } from './scales.ts';
import { linePath, type PathPoint } from './paths.ts';
import './sparkline.css';

const WIDTH = 120;
const HEIGHT = 28;

/** A small line without axes, from 0; gaps stay gaps. `label` says what it shows: `p75 of LCP, 28 days, from 2.1 s to 2.4 s`. */
export const Sparkline = ({
  values,
  label,
}: {
  readonly values: readonly (number | null)[];
  readonly label: string;
}) => {
  const known = values.filter((value) => value !== null);
  const x = linearScale(0, Math.max(1, values.length - 1), 3, WIDTH - 3);
  const y = linearScale(0, Math.max(1e-9, ...known) * 1.05, HEIGHT - 2, 2);
  const points: readonly PathPoint[] = values.map((value, index) =>
    value === null ? null : [x.position(index), y.position(value)],
  );
  const last = points.at(-1);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <path d={linePath(points)} vector-effect="non-scaling-stroke" />
      {last !== null && last !== undefined && (
        <path class="sparkline-end" d={`M${last[0]},${last[1]}h0`} vector-effect="non-scaling-stroke" />
      )}
    </svg>
  );
};
