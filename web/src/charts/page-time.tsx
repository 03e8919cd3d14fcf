import { formatDuration } from '../parts/numbers.ts';
import { linearScale, type PositionScale } from './scales.ts';
import { linearTicks } from './ticks.ts';

/** Height of the axis above what is drawn on the time of a page, px. */
export const AXIS = 22;
const TICK_PX = 110;
const LABEL_PX = 48;

/** How the time of a page lies in a chart of this width, px: names on the left, then from navigation to `end` (ms). Charts below each other share it. */
export const pageTime = (
  width: number,
  end: number,
): { readonly names: number; readonly scale: PositionScale } => {
  const names = Math.round(Math.min(280, Math.max(104, width * 0.3)));
  return { names, scale: linearScale(0, end, names, Math.max(names + 40, width - 8)) };
};

/** Lines and labels of the axis; part of an SVG. */
export const PageTimeGrid = ({
  scale,
  end,
  width,
  height,
}: {
  readonly scale: PositionScale;
  readonly end: number;
  /** Of the axis alone, px. */
  readonly width: number;
  readonly height: number;
}) => (
  <g class="page-time-grid">
    {linearTicks(0, end, Math.max(2, Math.floor(width / TICK_PX))).map((tick) => (
      <g key={tick}>
        <line x1={scale.position(tick)} x2={scale.position(tick)} y1={AXIS - 4} y2={height} />
        <text
          x={scale.position(tick) + (isAtEdge(scale, tick, end) ? -3 : 3)}
          y={12}
          text-anchor={isAtEdge(scale, tick, end) ? 'end' : 'start'}
        >
          {tick === 0 ? '0' : formatDuration(tick)}
        </text>
      </g>
    ))}
  </g>
);

/** Is there no room for the label behind its line? */
const isAtEdge = (scale: PositionScale, tick: number, end: number): boolean =>
  tick > 0 && scale.position(tick) + LABEL_PX > scale.position(end);
