import { useRef, useState } from 'preact/hooks';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import { ENOUGH_TO_RATE, type VitalId, VITALS } from '#vitals';
import { BarPlot, type PointedBar } from './bar-plot.tsx';
import { linePath, type PathPoint } from './paths.ts';
import './rating.css';
import { linearScale, logScale } from './scales.ts';
import { tickLabel } from './tick-label.ts';
import { axisEnd, linearTicks, logTicks } from './ticks.ts';
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
  const [at, setAt] = useState<PointedBar | null>(null);
  const [left, right, base] = [PLOT.left, Math.max(PLOT.left + 1, width - PLOT.right), HEIGHT - PLOT.bottom];
  const ends = valueEnds(vital, bins);
  const x = logScale(ends.from, ends.to, left, right);
  const middleOf = (bin: BounceBin): number => (x.position(bin.from) + x.position(endOf(bin, ends))) / 2;
  const densityOf = (bin: BounceBin): number => {
    const width = x.position(endOf(bin, ends)) - x.position(bin.from);
    return width > 0 ? bin.landings / width : 0;
  };
  const y = linearScale(0, Math.max(1e-9, ...bins.map(densityOf)), base, PLOT.top);
  const rates = bins.map(bounceRate);
  const end = Math.min(1, axisEnd(Math.max(0.1, ...rates.map((value) => value ?? 0))));
  const rateY = linearScale(0, end, base, PLOT.top);
  const points: readonly PathPoint[] = rates.map((value, index) => {
    const bin = bins[index];
    return value === null || bin === undefined ? null : [middleOf(bin), rateY.position(value)];
  });
  const pointed = at === null ? undefined : bins[at.index];
  return (
    <div ref={holder} class="bounce-chart" style={{ minHeight: `${HEIGHT}px` }}>
      {width > 0 && (
        <BarPlot
          label={`${label}.`}
          width={width}
          height={HEIGHT}
          bars={bins.map((bin) => [x.position(bin.from), x.position(endOf(bin, ends))])}
          tipTop={30}
          pointed={at}
          onPoint={setAt}
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
              x={x.position(bin.from)}
              width={Math.max(0.5, x.position(endOf(bin, ends)) - x.position(bin.from) - 1)}
              y={y.position(densityOf(bin))}
              height={base - y.position(densityOf(bin))}
            />
          ))}
          <path class="bounce-line" d={linePath(points)} />
          {points.map(
            (point, index) =>
              point !== null && <circle key={index} class="bounce-dot" cx={point[0]} cy={point[1]} r={3} />,
          )}
          {logTicks(ends.from, ends.to, Math.max(3, Math.floor(width / 70))).map((tick) => (
            <text key={tick} class="bounce-label" x={x.position(tick)} y={base + 17} text-anchor="middle">
              {tickLabel(vital, tick)}
            </text>
          ))}
          {[VITALS[vital].good, VITALS[vital].poor].map((value, index) => (
            <g key={value} class="bounce-threshold">
              <line x1={x.position(value)} x2={x.position(value)} y1={PLOT.top} y2={base + 22} />
              <text
                class={index === 0 ? 'mark-good' : 'mark-poor'}
                x={x.position(value)}
                y={base + 36}
                text-anchor={index === 0 ? 'end' : 'start'}
              >
                {index === 0 ? `● good ≤ ${tickLabel(vital, value)}` : `■ poor > ${tickLabel(vital, value)}`}
              </text>
            </g>
          ))}
        </BarPlot>
      )}
      {at !== null && pointed !== undefined && (
        <Tip x={at.x} y={at.y}>
          <strong>{binWords(vital, pointed, at.index === bins.length - 1)}</strong>
          <span class="quiet">{formatCount(pointed.landings)} landings</span>
          <span class="quiet">{rateWords(pointed)}</span>
        </Tip>
      )}
      <div class="unseen">
        <table>
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
    </div>
  );
};

/** The ends of the axis: the bins with landings, and both thresholds. */
const valueEnds = (
  vital: VitalId,
  bins: readonly BounceBin[],
): { readonly from: number; readonly to: number } => {
  const { good, poor, unit } = VITALS[vital];
  const used = bins.filter(({ landings }) => landings > 0);
  return {
    from: Math.max(unit === 'ms' ? 8 : 0.001, Math.min(good / 4, used[0]?.from ?? good)),
    to: Math.max(poor * 1.5, used.at(-1)?.to ?? poor),
  };
};

/** Bins end where the next begins: at their greatest value and a bit. */
const endOf = ({ from, to }: BounceBin, ends: { readonly from: number; readonly to: number }): number =>
  Math.max(from, Math.min(ends.to, to));

const bounceRate = ({ landings, bounces }: BounceBin): number | null =>
  landings < ENOUGH_TO_RATE ? null : bounces / landings;

const rateWords = (bin: BounceBin): string => {
  const value = bounceRate(bin);
  return value === null ? `too few to tell (${ENOUGH_TO_RATE} needed)` : `${formatPercent(value)} bounced`;
};

const binWords = (vital: VitalId, { from, to }: BounceBin, isLast: boolean): string =>
  isLast ? `${formatVital(vital, from)} and more` : `${formatVital(vital, from)} – ${formatVital(vital, to)}`;
