import { useRef, useState } from 'preact/hooks';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import { ENOUGH_TO_RATE, rate, type VitalId } from '#vitals';
import { linePath, type PathPoint } from './paths.ts';
import { RATING_MARKS } from './rating-words.ts';
import { linearScale } from './scales.ts';
import { tickLabel } from './tick-label.ts';
import { axisEnd, linearTicks } from './ticks.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import './histogram.css';
import './bounce-chart.css';

/** Landings whose value was from `from` to `to`, and how many of them bounced. */
export interface BounceBin {
  readonly from: number;
  readonly to: number;
  readonly landings: number;
  readonly bounces: number;
}

const HEIGHT = 240;
const PLOT = { left: 12, right: 46, top: 16, bottom: 44 };

/** Landings by value as bars, and the share that bounced as a line on the right axis; bins with too few landings leave a gap in the line. */
export const BounceChart = ({
  label,
  vital,
  bins,
}: {
  readonly label: string;
  readonly vital: VitalId;
  readonly bins: readonly BounceBin[];
}) => {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [at, setAt] = useState<{ readonly index: number; readonly x: number; readonly y: number } | null>(
    null,
  );
  const [left, right, base] = [PLOT.left, Math.max(PLOT.left + 1, width - PLOT.right), HEIGHT - PLOT.bottom];
  const x = linearScale(0, Math.max(1, bins.length), left, right);
  const most = Math.max(1, ...bins.map(({ landings }) => landings));
  const y = linearScale(0, most, base, PLOT.top);
  const rates = bins.map(bounceRate);
  const end = Math.min(1, axisEnd(Math.max(0.1, ...rates.map((value) => value ?? 0))));
  const rateY = linearScale(0, end, base, PLOT.top);
  const points: readonly PathPoint[] = rates.map((value, index) =>
    value === null ? null : [x.position(index + 0.5), rateY.position(value)],
  );
  const labelEach = Math.max(1, Math.ceil((bins.length * 58) / Math.max(1, right - left)));
  const moveTo = (index: number, plot: Element): void => {
    const next = Math.max(0, Math.min(bins.length - 1, index));
    const box = plot.getBoundingClientRect();
    setAt({ index: next, x: box.left + x.position(next + 0.5), y: box.top + 30 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo((at?.index ?? (by > 0 ? -1 : bins.length)) + by, event.currentTarget as Element);
  };
  const pointed = at === null ? undefined : bins[at.index];
  return (
    <div ref={holder} class="bounce-chart" style={{ minHeight: `${HEIGHT}px` }}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="application"
          aria-roledescription="chart"
          aria-label={`${label}. Arrow keys move along the bars.`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onBlur={() => setAt(null)}
          onMouseLeave={() => setAt(null)}
          onMouseMove={(event) => {
            const offset = event.clientX - event.currentTarget.getBoundingClientRect().left;
            moveTo(Math.floor(x.value(offset)), event.currentTarget);
          }}
        >
          {linearTicks(0, end, 4).map((tick) => (
            <g key={tick} class="bounce-tick">
              <line x1={left} x2={right} y1={rateY.position(tick)} y2={rateY.position(tick)} />
              <text x={right + 6} y={rateY.position(tick) + 4}>
                {formatPercent(tick)}
              </text>
            </g>
          ))}
          {bins.map((bin, index) => (
            <rect
              key={index}
              class={`bounce-bar${at?.index === index ? ' is-pointed' : ''}`}
              x={x.position(index) + 1}
              width={Math.max(1, x.position(1) - x.position(0) - 2)}
              y={y.position(bin.landings)}
              height={base - y.position(bin.landings)}
            />
          ))}
          <path class="bounce-line" d={linePath(points)} />
          {points.map(
            (point, index) =>
              point !== null && <circle key={index} class="bounce-dot" cx={point[0]} cy={point[1]} r={3} />,
          )}
          {bins.map(
            (bin, index) =>
              index % labelEach === 0 && (
                <text
                  key={index}
                  class="bounce-label"
                  x={x.position(index + 0.5)}
                  y={base + 17}
                  text-anchor="middle"
                >
                  {tickLabel(vital, bin.from)}
                </text>
              ),
          )}
          {bins.map(
            (bin, index) =>
              index % labelEach === 0 && (
                <text
                  key={index}
                  class={`bounce-label mark-${rate(vital, bin.to)}`}
                  x={x.position(index + 0.5)}
                  y={base + 33}
                  text-anchor="middle"
                >
                  {RATING_MARKS[rate(vital, bin.to)]}
                </text>
              ),
          )}
        </svg>
      )}
      {at !== null && pointed !== undefined && (
        <Tip x={at.x} y={at.y}>
          <strong>{binWords(vital, pointed, at.index === bins.length - 1)}</strong>
          <span class="quiet">{formatCount(pointed.landings)} landings</span>
          <span class="quiet">{rateWords(pointed)}</span>
        </Tip>
      )}
      <table class="unseen">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th>Value</th>
            <th>Landings</th>
            <th>Bounced</th>
          </tr>
        </thead>
        <tbody>
          {bins.map((bin, index) => (
            <tr key={index}>
              <th scope="row">{binWords(vital, bin, index === bins.length - 1)}</th>
              <td>{formatCount(bin.landings)}</td>
              <td>{rateWords(bin)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const bounceRate = ({ landings, bounces }: BounceBin): number | null =>
  landings < ENOUGH_TO_RATE ? null : bounces / landings;

const rateWords = (bin: BounceBin): string => {
  const value = bounceRate(bin);
  return value === null ? `too few to tell (${ENOUGH_TO_RATE} needed)` : `${formatPercent(value)} bounced`;
};

const binWords = (vital: VitalId, { from, to }: BounceBin, isLast: boolean): string =>
  isLast ? `${formatVital(vital, from)} and more` : `${formatVital(vital, from)} – ${formatVital(vital, to)}`;
