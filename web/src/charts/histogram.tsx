import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import { type VitalId, VITALS } from '#vitals';
import { binEdges, binsOf, domainOf, type HistogramBin } from './histogram-bins.ts';
import { linePath, outlinePath } from './paths.ts';
import { RATING_WORDS } from './rating-words.ts';
import { linearScale, logScale } from './scales.ts';
import { tickLabel } from './tick-label.ts';
import { logTicks } from './ticks.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import './histogram.css';

/** Counts of values from `from` to `to`. */
export interface ValueBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What a histogram shows. */
export interface HistogramProps {
  readonly label: string;
  readonly vital: VitalId;
  readonly buckets: readonly ValueBucket[];
  /** A second distribution, drawn as an outline over the first. */
  readonly overlay?: { readonly name: string; readonly buckets: readonly ValueBucket[] } | undefined;
  readonly percentiles?: readonly { readonly p: number; readonly value: number | null }[];
  /** Draws the share of values up to each value. */
  readonly cumulative?: boolean;
  readonly height?: number;
}

const PLOT = { left: 44, right: 14, top: 44, bottom: 28 };

/** How values are distributed: bars on a logarithmic axis, in the colours of the thresholds, which are named above; percentiles as markers. */
export const Histogram = (props: HistogramProps) => {
  const { label, vital, buckets, overlay, percentiles = [], cumulative = false, height = 260 } = props;
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [at, setAt] = useState<{ readonly index: number; readonly x: number; readonly y: number } | null>(
    null,
  );
  const { domain, bins, over } = useMemo(() => {
    const wide = domainOf(vital, overlay === undefined ? [buckets] : [buckets, overlay.buckets]);
    const edges = binEdges(vital, wide, Math.max(24, Math.min(72, Math.round((width - 60) / 11))));
    return {
      domain: wide,
      bins: binsOf(vital, buckets, edges),
      over: overlay === undefined ? null : binsOf(vital, overlay.buckets, edges),
    };
  }, [vital, buckets, overlay, width]);

  const x = logScale(domain.from, domain.to, PLOT.left, Math.max(PLOT.left + 1, width - PLOT.right));
  const base = height - PLOT.bottom;
  const densest = Math.max(1e-9, ...[...bins, ...(over ?? [])].map(densityOf));
  const y = cumulative ? linearScale(0, 1, base, PLOT.top) : linearScale(0, densest, base, PLOT.top);
  const topOf = (bin: HistogramBin): number => y.position(cumulative ? bin.cumulative : densityOf(bin));
  const sides = (bin: HistogramBin): [number, number] => [x.position(bin.from), x.position(bin.to)];
  const moveTo = (index: number, plot: Element): void => {
    const bin = bins[Math.max(0, Math.min(bins.length - 1, index))];
    if (bin === undefined) return;
    const { left, top } = plot.getBoundingClientRect();
    setAt({
      index: bins.indexOf(bin),
      x: left + (x.position(bin.from) + x.position(bin.to)) / 2,
      y: top + PLOT.top + 20,
    });
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
    <div ref={holder} class="histogram" style={{ minHeight: `${height}px` }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="application"
          aria-roledescription="chart"
          aria-label={`${label}. ${summaryOf(vital, percentiles)} Arrow keys move along the bars.`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onBlur={() => setAt(null)}
          onMouseLeave={() => setAt(null)}
          onMouseMove={(event) => {
            const offset = event.clientX - event.currentTarget.getBoundingClientRect().left;
            moveTo(
              bins.findIndex((bin) => x.position(bin.to) >= offset),
              event.currentTarget,
            );
          }}
        >
          <ThresholdNames vital={vital} position={x.position} width={width} base={base} />
          {cumulative &&
            [0.25, 0.5, 0.75, 1].map((share) => (
              <g key={share} class="histogram-share">
                <line x1={PLOT.left} x2={width - PLOT.right} y1={y.position(share)} y2={y.position(share)} />
                <text x={PLOT.left - 8} y={y.position(share) + 4} text-anchor="end">
                  {share * 100} %
                </text>
              </g>
            ))}
          {bins.map((bin, index) => {
            const [left, right] = sides(bin);
            return (
              <rect
                key={index}
                class={`histogram-bar fill-${bin.rating}${at?.index === index ? ' is-pointed' : ''}`}
                x={left}
                width={Math.max(0.5, right - left - 1)}
                y={topOf(bin)}
                height={Math.max(0, base - topOf(bin))}
              />
            );
          })}
          {over !== null &&
            (cumulative ? (
              <path
                class="histogram-overlay"
                d={linePath(over.map((bin) => [x.position(bin.to), topOf(bin)]))}
              />
            ) : (
              <path
                class="histogram-overlay"
                d={outlinePath(
                  over.map((bin) => [...sides(bin), topOf(bin)]),
                  base,
                )}
              />
            ))}
          <ValueAxis vital={vital} domain={domain} position={x.position} width={width} base={base} />
          <PercentileMarks percentiles={percentiles} position={x.position} width={width} base={base} />
        </svg>
      )}
      {percentiles.length > 0 && (
        <p class="histogram-list">
          {percentiles.map(({ p, value }) => (
            <span key={p}>
              p{p} <b>{formatVital(vital, value)}</b>
            </span>
          ))}
        </p>
      )}
      {at !== null && pointed !== undefined && (
        <Tip x={at.x} y={at.y}>
          <strong>{binWords(vital, pointed, at.index, bins.length)}</strong>
          <span class={`is-${pointed.rating}`}> {RATING_WORDS[pointed.rating]}</span>
          <span class="quiet">
            {formatPercent(pointed.share)} of page views ({formatCount(Math.round(pointed.count))})
          </span>
          <span class="quiet">{formatPercent(pointed.cumulative)} are at most as slow</span>
          {over !== null && overlay !== undefined && (
            <span class="quiet">
              {overlay.name}: {formatPercent(over[at.index]?.share ?? 0)}
            </span>
          )}
        </Tip>
      )}
      <p class="unseen" role="status">
        {pointed === undefined || at === null
          ? ''
          : `${binWords(vital, pointed, at.index, bins.length)}, ${RATING_WORDS[pointed.rating]}, ${formatPercent(pointed.share)} of page views`}
      </p>
      <BinTable label={label} vital={vital} bins={bins} />
    </div>
  );
};

/** Count for each unit of the logarithmic axis, so that a bin that was cut at a threshold is not lower for being narrower. */
const densityOf = ({ share, from, to }: HistogramBin): number =>
  to > from ? share / Math.log(to / from) : 0;

const summaryOf = (vital: VitalId, percentiles: HistogramProps['percentiles']): string =>
  (percentiles ?? [])
    .filter(({ value }) => value !== null)
    .map(({ p, value }) => `p${p} ${formatVital(vital, value ?? 0)}`)
    .join(', ')
    .concat('.');

const binWords = (vital: VitalId, { from, to }: HistogramBin, index: number, count: number): string => {
  if (index === 0) return `up to ${formatVital(vital, to)}`;
  if (index === count - 1) return `${formatVital(vital, from)} and more`;
  return `${formatVital(vital, from)} – ${formatVital(vital, to)}`;
};

interface PlacedProps {
  readonly vital: VitalId;
  readonly position: (value: number) => number;
  readonly width: number;
  readonly base: number;
}

const ThresholdNames = ({ vital, position, width, base }: PlacedProps) => {
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

const ValueAxis = ({
  vital,
  domain,
  position,
  width,
  base,
}: PlacedProps & { readonly domain: { readonly from: number; readonly to: number } }) => (
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

/** Markers with their labels in two rows where they would touch. */
const PercentileMarks = ({
  percentiles,
  position,
  width,
  base,
}: Omit<PlacedProps, 'vital'> & {
  readonly percentiles: readonly { readonly p: number; readonly value: number | null }[];
}) => {
  let [lastX, row] = [Number.NEGATIVE_INFINITY, 0];
  return (
    <g class="histogram-percentiles">
      {percentiles.map(({ p, value }) => {
        if (value === null) return null;
        const x = Math.min(position(value), width - PLOT.right);
        row = x - lastX < MARK_WIDTH_PX ? (row + 1) % 3 : 0;
        lastX = x;
        const y = 30 + row * 13;
        const anchor = x + MARK_WIDTH_PX > width ? 'end' : 'start';
        return (
          <g key={p}>
            <line x1={x} x2={x} y1={y - 8} y2={base} />
            <text x={anchor === 'end' ? x - 4 : x + 4} y={y} text-anchor={anchor}>
              p{p}
            </text>
          </g>
        );
      })}
    </g>
  );
};

const BinTable = ({
  label,
  vital,
  bins,
}: {
  readonly label: string;
  readonly vital: VitalId;
  readonly bins: readonly HistogramBin[];
}) => (
  <div class="unseen">
    <table>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th>Value</th>
          <th>Rating</th>
          <th>Share</th>
          <th>Share up to here</th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin, index) => (
          <tr key={index}>
            <th scope="row">{binWords(vital, bin, index, bins.length)}</th>
            <td>{RATING_WORDS[bin.rating]}</td>
            <td>{formatPercent(bin.share)}</td>
            <td>{formatPercent(bin.cumulative)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
