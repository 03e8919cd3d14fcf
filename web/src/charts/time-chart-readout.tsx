import { formatCount, formatVital } from '../parts/numbers.ts';
import { ENOUGH_TO_RATE, rate, type VitalId, VITALS } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from './rating-words.ts';
import { type PlotFrame } from './time-chart-notes.tsx';
import { type TimeColumns, type TimeLine, type TimePoint } from './time-line.ts';
import { lengthOfStep, type Step, stepWords } from './time-labels.ts';

/** What the crosshair stands on, beside it inside the plot; also spoken. */
export const TimeChartReadout = ({
  vital,
  percentile,
  step,
  lines,
  compared,
  columns,
  index,
  frame,
  ends,
}: {
  readonly vital: VitalId;
  readonly percentile: number;
  readonly step: Step;
  readonly lines: readonly TimeLine[];
  readonly compared: readonly TimePoint[] | null;
  readonly columns: TimeColumns;
  readonly index: number;
  readonly frame: PlotFrame;
  /** Of the axis of values. */
  readonly ends: { readonly top: number; readonly bottom: number };
}) => {
  const time = columns.times[index];
  if (time === undefined) return null;
  const at = time * 1_000 + lengthOfStep(step) / 2;
  const x = ((at - frame.from) / Math.max(1, frame.to - frame.from)) * frame.width;
  const isRight = x > frame.width / 2;
  // In the half of the plot in which the line is not.
  const value = columns.sure[0]?.[index] ?? columns.faint[0]?.[index] ?? 0;
  const isHigh = value > ends.top * 0.5;
  const top = `${frame.top + 4 + (isHigh ? (frame.height * ends.top * 0.62) / (ends.top - ends.bottom) : 0)}px`;
  const style = isRight
    ? { right: `calc(100% - ${frame.left + x - 12}px)`, top }
    : { left: `${frame.left + x + 12}px`, top };
  const before = columns.compared[index] ?? null;
  return (
    <div class="time-readout" style={style} role="status">
      <strong>{stepWords(time * 1_000, step)}</strong>
      {lines.map((line, number) => (
        <PointWords
          key={line.name}
          vital={vital}
          percentile={percentile}
          name={line.name}
          colour={lines.length > 1 ? `var(--series-${(number % 8) + 1})` : null}
          point={line.points.find(({ at }) => Date.parse(at) === time * 1_000)}
        />
      ))}
      {compared !== null && (
        <span class="quiet">
          {before === null ? 'no value in the other period' : `other period ${formatVital(vital, before)}`}
        </span>
      )}
    </div>
  );
};

const PointWords = ({
  vital,
  percentile,
  name,
  colour,
  point,
}: {
  readonly vital: VitalId;
  readonly percentile: number;
  readonly name: string | null;
  readonly colour: string | null;
  readonly point: TimePoint | undefined;
}) => {
  const views = `${formatCount(point?.views ?? 0)} page views`;
  const label = name ?? `${VITALS[vital].label} p${percentile}`;
  const key = colour === null ? null : <i class="line-key" style={{ background: colour }} />;
  if (point === undefined || point.value === null)
    return (
      <span>
        {key}
        {label} – <span class="quiet-inline">{views}</span>
      </span>
    );
  if (point.samples < ENOUGH_TO_RATE)
    return (
      <span>
        {key}
        {label} {formatVital(vital, point.value)}{' '}
        <span class="quiet-inline">
          {formatCount(point.samples)} page views: too few to rate ({ENOUGH_TO_RATE} needed)
        </span>
      </span>
    );
  const rating = rate(vital, point.value);
  return (
    <span>
      {key}
      {label} <b class={`is-${rating}`}>{formatVital(vital, point.value)}</b>{' '}
      <span class={`is-${rating}`}>
        {RATING_MARKS[rating]} {RATING_WORDS[rating]}
      </span>{' '}
      <span class="quiet-inline">
        {point.low !== null &&
          point.high !== null &&
          `${formatVital(vital, point.low)} – ${formatVital(vital, point.high)}, `}
        {views}
      </span>
    </span>
  );
};
