import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import type { VitalId } from '#vitals';
import { BarPlot, type PointedBar } from './bar-plot.tsx';
import { binEdges, binsOf, domainOf, type HistogramBin } from './histogram-bins.ts';
import { type Percentile, PercentileMarks, PLOT, ThresholdNames, ValueAxis } from './histogram-marks.tsx';
import { BinTable, binWords } from './histogram-table.tsx';
import { linePath, outlinePath } from './paths.ts';
import { RATING_WORDS } from './rating-words.ts';
import { linearScale, logScale } from './scales.ts';
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
  readonly percentiles?: readonly Percentile[];
  /** Draws the share of values up to each value. */
  readonly cumulative?: boolean;
  readonly height?: number;
}

/** How values are distributed: bars on a logarithmic axis, in the colours of the thresholds, which are named above; percentiles as markers. */
export const Histogram = (props: HistogramProps) => {
  const { label, vital, buckets, overlay, percentiles = [], cumulative = false, height = 260 } = props;
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [at, setAt] = useState<PointedBar | null>(null);
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
  const pointed = at === null ? undefined : bins[at.index];

  return (
    <div ref={holder} class="histogram" style={{ minHeight: `${height}px` }}>
      {width > 0 && (
        <BarPlot
          label={`${label}. ${summaryOf(vital, percentiles)}`}
          width={width}
          height={height}
          bars={bins.map(sides)}
          tipTop={PLOT.top + 20}
          pointed={at}
          onPoint={setAt}
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
        </BarPlot>
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

const summaryOf = (vital: VitalId, percentiles: readonly Percentile[]): string =>
  percentiles
    .filter(({ value }) => value !== null)
    .map(({ p, value }) => `p${p} ${formatVital(vital, value ?? 0)}`)
    .join(', ')
    .concat('.');
