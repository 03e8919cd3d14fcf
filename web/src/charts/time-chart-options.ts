import uPlot from 'uplot';
import { type VitalId, VITALS } from '#vitals';
import { type ThemeColours, withAlpha } from './theme-colours.ts';
import { tickLabel } from './tick-label.ts';
import { lonelyPlaces } from './lonely-places.ts';
import { linearTicks } from './ticks.ts';
import { tickLabels, timeTicks } from './time-labels.ts';
import { type TimeColumns, VOLUME_SHARE } from './time-line.ts';

/** What decides how the time chart looks; when it changes, the chart is made anew. */
export interface TimeChartLook {
  readonly vital: VitalId;
  readonly lineCount: number;
  readonly colours: ThemeColours;
  readonly width: number;
  readonly height: number;
  readonly stepMs: number;
  /** Leaves room for marks of notes. */
  readonly hasNotes: boolean;
}

/** What the time chart reports. */
export interface TimeChartEvents {
  /** The crosshair moved; null: away. */
  readonly onCursor: (index: number | null) => void;
  /** A range was drawn with the pointer (epoch ms). */
  readonly onRange: (from: number, to: number) => void;
  /** The plot lies elsewhere now. */
  readonly onFrame: (plot: uPlot) => void;
}

/** Room under the plot for marks of notes, px. */
const NOTE_STRIP_PX = 24;

/** Ends of the axis of values, as the columns are now. */
export interface ValueEnds {
  readonly top: number;
  readonly bottom: number;
}

/** uPlot's options. `ends` is asked at each drawing, since new columns come without new options. */
export const timeChartOptions = (
  look: TimeChartLook,
  ends: () => ValueEnds,
  events: TimeChartEvents,
): uPlot.Options => {
  const { colours, vital } = look;
  const halfStep = (): number => look.stepMs / 2_000;
  return {
    width: look.width,
    height: look.height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
    scales: {
      // Points stand in the middle of their steps; half a step more at both ends, so that the first and the last bar are whole.
      x: { time: true, range: (_plot, first, last) => [first - halfStep(), last + halfStep()] },
      y: { range: () => [ends().bottom, ends().top] },
      views: {
        range: (_plot, _least, most) => [0, Math.max(1, most) * ((1 + VOLUME_SHARE) / (VOLUME_SHARE * 0.86))],
      },
    },
    axes: [timeAxis(look), valueAxis(colours, vital, ends)],
    series: [{}, ...lineSeries(look), volumeSeries(colours)],
    bands: [{ series: [1, 2], fill: withAlpha(colours.series[0] ?? '', 0.16) }],
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false, dist: 5 },
      sync: { key: 'rumbrella-time' },
      bind: { dblclick: () => null },
    },
    hooks: {
      drawClear: [(plot) => drawThresholds(plot, look)],
      setCursor: [(plot) => events.onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => reportRange(plot, events)],
      draw: [(plot) => events.onFrame(plot)],
    },
  };
};

/** Where a step that begins at `time` (epoch seconds) stands: its middle, so that what happened in it does not lie behind its value. */
export const middleOfStep = (time: number, stepMs: number): number => time + stepMs / 2_000;

/** uPlot's data: middles of steps, high, low, compared, faint lines, lines, page views. */
export const timeChartData = (columns: TimeColumns, stepMs: number): uPlot.AlignedData =>
  [
    columns.times.map((time) => middleOfStep(time, stepMs)),
    columns.high,
    columns.low,
    columns.compared,
    ...columns.faint,
    ...columns.sure,
    columns.views,
  ] as unknown as uPlot.AlignedData;

const LABEL_PX = 28;

const timeAxis = ({ colours, hasNotes }: TimeChartLook): uPlot.Axis => ({
  stroke: colours.quiet,
  font: `12px ${colours.font}`,
  size: 26 + (hasNotes ? NOTE_STRIP_PX : 0),
  gap: 8 + (hasNotes ? NOTE_STRIP_PX : 0),
  grid: { show: false },
  ticks: { show: false },
  // A label at the very end would be cut off.
  splits: (plot, _axis, from, to) => [
    ...timeTicks(from, to - ((to - from) * LABEL_PX) / plot.width, Math.max(2, Math.floor(plot.width / 90))),
  ],
  values: (_plot, splits) => [...tickLabels(splits)],
});

const valueAxis = (colours: ThemeColours, vital: VitalId, ends: () => ValueEnds): uPlot.Axis => ({
  stroke: colours.quiet,
  font: `12px ${colours.font}`,
  size: 58,
  gap: 8,
  grid: { stroke: colours.line, width: 1 },
  ticks: { show: false },
  splits: () => [...linearTicks(0, ends().top, 4)],
  values: (_plot, splits) => splits.map((value) => tickLabel(vital, value)),
});

/** Only steps between two gaps are drawn as points; a line would not show them. */
const LONELY: uPlot.Series.Points = {
  show: true,
  size: 5,
  filter: (plot, series) => [...lonelyPlaces(plot.data[series] ?? [])],
};

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

const lineSeries = ({ colours, lineCount }: TimeChartLook): readonly uPlot.Series[] => {
  const lines = Array.from({ length: lineCount }, (_, index) => index);
  const stroke = (index: number): string => colours.series[index % 8] ?? colours.ink;
  const hidden = { stroke: 'transparent', width: 0, points: { show: false } };
  return [
    hidden,
    hidden,
    { stroke: colours.series[2] ?? colours.quiet, width: 1.5, dash: [5, 4], points: { show: false } },
    ...lines.map((index) => ({
      stroke: withAlpha(stroke(index), 0.55),
      width: 1,
      dash: [2, 3],
      points: LONELY,
    })),
    ...lines.map((index) => ({
      stroke: stroke(index),
      width: 2,
      dash: DASHES[Math.floor(index / 2) % DASHES.length] ?? [],
      points: LONELY,
    })),
  ];
};

const { bars } = uPlot.paths;

const volumeSeries = (colours: ThemeColours): uPlot.Series => ({
  scale: 'views',
  stroke: 'transparent',
  fill: withAlpha(colours.quiet, 0.32),
  ...(bars !== undefined && { paths: bars({ size: [0.8, 40], align: 0 }) }),
  points: { show: false },
});

/** Soft bands for good, needs improvement and poor; words stand beside the chart's title, so colour is never all. */
const drawThresholds = (plot: uPlot, { vital, colours }: TimeChartLook): void => {
  const { good, poor } = VITALS[vital];
  const { left, top, width } = plot.bbox;
  const height = (value: number): number =>
    Math.max(top, Math.min(plot.valToPos(value, 'y', true), plot.valToPos(0, 'y', true)));
  const bands = [
    { from: 0, to: good, colour: colours.good },
    { from: good, to: poor, colour: colours.fair },
    { from: poor, to: Number.MAX_SAFE_INTEGER, colour: colours.poor },
  ];
  const { ctx } = plot;
  ctx.save();
  ctx.globalAlpha = 0.6;
  for (const { from, to, colour } of bands) {
    ctx.fillStyle = colour;
    ctx.fillRect(left, height(to), width, height(from) - height(to));
  }
  ctx.restore();
};

const reportRange = (plot: uPlot, { onRange }: TimeChartEvents): void => {
  const { left, width } = plot.select;
  if (width < 5) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onRange(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000);
};
