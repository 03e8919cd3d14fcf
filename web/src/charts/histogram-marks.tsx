import { type VitalId, VITALS } from '#vitals';
import type { Domain } from './histogram-bins.ts';
import { labelRows } from './label-rows.ts';
import { tickLabel } from './tick-label.ts';
import { logTicks } from './ticks.ts';

/** Space around the bars of a histogram, in pixels: names of thresholds above, the axis below. */
export const PLOT = { left: 44, right: 14, top: 44, bottom: 28 };

/** A percentile of the values that are shown; null: there are none. */
export interface Percentile {
  readonly p: number;
  readonly value: number | null;
}

/** Where values stand on the axis, in pixels. */
interface PlacedProps {
  readonly vital: VitalId;
  readonly position: (value: number) => number;
  readonly width: number;
  readonly base: number;
}

/** The thresholds as lines, and what lies between them. */
export const ThresholdNames = ({ vital, position, width, base }: PlacedProps) => {
  const { good, poor } = VITALS[vital];
  // Where the names do not fit beside their lines, they stand at the ends.
  const isNarrow = position(poor) + 100 > width || position(good) < 110;
  return (
    <g class="histogram-thresholds">
      {[good, poor].map((value) => (
        <line key={value} x1={position(value)} x2={position(value)} y1={18} y2={base} />
      ))}
      <text
        class="is-good"
        x={isNarrow ? PLOT.left : position(good) - 6}
        y={14}
        text-anchor={isNarrow ? 'start' : 'end'}
      >
        ● good ≤ {tickLabel(vital, good)}
      </text>
      {!isNarrow && position(poor) - position(good) > 92 && (
        <text
          class="is-needs-improvement"
          x={(position(good) + position(poor)) / 2}
          y={14}
          text-anchor="middle"
        >
          ▲ needs work
        </text>
      )}
      <text
        class="is-poor"
        x={isNarrow ? width - 2 : position(poor) + 6}
        y={14}
        text-anchor={isNarrow ? 'end' : 'start'}
      >
        ■ poor &gt; {tickLabel(vital, poor)}
      </text>
    </g>
  );
};

/** The axis of values and its ticks. */
export const ValueAxis = ({
  vital,
  domain,
  position,
  width,
  base,
}: PlacedProps & { readonly domain: Domain }) => (
  <g class="histogram-axis">
    <line x1={PLOT.left} x2={width - PLOT.right} y1={base} y2={base} />
    {logTicks(domain.from, domain.to, Math.max(3, Math.floor(width / 70))).map((tick) => (
      <text key={tick} x={position(tick)} y={base + 18} text-anchor="middle">
        {tickLabel(vital, tick)}
      </text>
    ))}
  </g>
);

const MARK_WIDTH_PX = 34;

/** Markers of percentiles, their labels in rows where they would touch. */
export const PercentileMarks = ({
  percentiles,
  position,
  width,
  base,
}: Omit<PlacedProps, 'vital'> & {
  readonly percentiles: readonly Percentile[];
}) => {
  const placed = percentiles.flatMap(({ p, value }) =>
    value === null ? [] : [{ p, x: Math.min(position(value), width - PLOT.right) }],
  );
  const labels = labelRows(
    placed.map(({ x }) => x),
    { labelPx: MARK_WIDTH_PX, widthPx: width, rows: 3 },
  );
  return (
    <g class="histogram-percentiles">
      {placed.map(({ p, x }, index) => {
        const { side, row } = labels[index] ?? { side: 'start', row: 0 };
        const y = 30 + row * 13;
        return (
          <g key={p}>
            <line x1={x} x2={x} y1={y - 8} y2={base} />
            <text x={side === 'end' ? x - 4 : x + 4} y={y} text-anchor={side}>
              p{p}
            </text>
          </g>
        );
      })}
    </g>
  );
};
