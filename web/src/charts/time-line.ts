import { ENOUGH_TO_RATE } from '#vitals';

/** A step of time as the time chart draws it. */
export interface TimePoint {
  /** ISO, begin of the step. */
  readonly at: string;
  readonly views: number;
  readonly samples: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A line of the time chart. */
export interface TimeLine {
  /** null: the only one. */
  readonly name: string | null;
  readonly points: readonly TimePoint[];
}

/** Columns of numbers over one axis of time. null: a gap, which stays one. */
export interface TimeColumns {
  /** Epoch seconds, ascending. */
  readonly times: readonly number[];
  /** Two for each line: the values of steps with enough page views, and the values around steps with too few, to be drawn faintly. */
  readonly sure: readonly (readonly (number | null)[])[];
  readonly faint: readonly (readonly (number | null)[])[];
  /** Interval of the first line. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** The line of the other period, moved onto this one. */
  readonly compared: readonly (number | null)[];
  /** Page views of all lines. */
  readonly views: readonly number[];
}

/**
 * Lays lines of steps over one axis. `compared` is moved so that its first step lies on the first of the lines, whatever its dates
 * are.
 */
export const columnsOf = (lines: readonly TimeLine[], compared: readonly TimePoint[] | null): TimeColumns => {
  const times = [
    ...new Set(lines.flatMap(({ points }) => points.map(({ at }) => Date.parse(at) / 1_000))),
  ].toSorted((a, b) => a - b);
  const laid = lines.map(({ points }) => layOut(points, times));
  const first = laid[0] ?? [];
  const pick = (key: 'low' | 'high'): readonly (number | null)[] =>
    times.map((_, index) => {
      const point = first[index];
      return point === undefined || point.samples < ENOUGH_TO_RATE ? null : point[key];
    });
  return {
    times,
    sure: laid.map((points) => points.map((point) => (isSure(point) ? (point?.value ?? null) : null))),
    faint: laid.map(faintOf),
    low: pick('low'),
    high: pick('high'),
    compared: compared === null ? times.map(() => null) : moved(compared, times),
    views: times.map((_, index) => laid.reduce((sum, points) => sum + (points[index]?.views ?? 0), 0)),
  };
};

const layOut = (
  points: readonly TimePoint[],
  times: readonly number[],
): readonly (TimePoint | undefined)[] => {
  const byTime = new Map(points.map((point) => [Date.parse(point.at) / 1_000, point]));
  return times.map((time) => byTime.get(time));
};

const isSure = (point: TimePoint | undefined): boolean =>
  point !== undefined && point.value !== null && point.samples >= ENOUGH_TO_RATE;

const isUnsure = (point: TimePoint | undefined): boolean =>
  point !== undefined && point.value !== null && point.samples < ENOUGH_TO_RATE;

/** Steps with too few page views and their neighbours, so that the faint line reaches the solid one. */
const faintOf = (points: readonly (TimePoint | undefined)[]): readonly (number | null)[] =>
  points.map((point, index) =>
    [points[index - 1], point, points[index + 1]].some(isUnsure) ? (point?.value ?? null) : null,
  );

const moved = (points: readonly TimePoint[], times: readonly number[]): readonly (number | null)[] => {
  const [first, start] = [points[0], times[0]];
  if (first === undefined || start === undefined) return times.map(() => null);
  const offset = start - Date.parse(first.at) / 1_000;
  const byTime = new Map(points.map((point) => [Date.parse(point.at) / 1_000 + offset, point.value]));
  return times.map((time) => byTime.get(time) ?? null);
};

/** Ends of the axis of values, with room below zero for the volume. */
export const valueRange = (
  columns: TimeColumns,
  good: number,
): { readonly top: number; readonly bottom: number } => {
  const shown = [...columns.sure.flat(), ...columns.faint.flat(), ...columns.compared, ...columns.high];
  const largest = Math.max(0, ...shown.filter((value) => value !== null));
  // The interval of a step with few page views may be huge; it must not flatten the line.
  const values = [...columns.sure.flat(), ...columns.faint.flat(), ...columns.compared];
  const line = Math.max(0, ...values.filter((value) => value !== null));
  const top = Math.max(Math.min(largest, line * 1.6) * 1.06, good * 1.15);
  return { top, bottom: -top * VOLUME_SHARE };
};

/** Height of the volume's strip, of the height above it. */
export const VOLUME_SHARE = 0.28;
