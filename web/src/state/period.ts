import type { Compare } from './url.ts';
import { dayOf, type Moment, type Period, periodOf } from './moment.ts';

/** A period with a name. */
export interface Preset {
  readonly words: string;
  readonly from: Moment;
  readonly to: Moment;
  /** The letter that chooses it, as in Plausible. */
  readonly key?: string;
}

/** The periods to choose from, in order. */
export const PRESETS: readonly Preset[] = [
  { words: 'Last 30 minutes', from: '-30m', to: 'now', key: 'r' },
  { words: 'Today', from: '-1d', to: 'now', key: 'd' },
  { words: 'Last 24 hours', from: '-24h', to: 'now', key: 'h' },
  { words: 'Last 7 days', from: '-7d', to: 'now', key: 'w' },
  { words: 'Last 28 days', from: '-28d', to: 'now', key: 'f' },
  { words: 'Last 91 days', from: '-91d', to: 'now' },
  { words: 'Month to date', from: 'month', to: 'now', key: 'm' },
  { words: 'Last month', from: 'month-1', to: 'month', key: 'p' },
  { words: 'Year to date', from: 'year', to: 'now', key: 'y' },
  { words: 'Last 12 months', from: '-365d', to: 'now', key: 'l' },
];

const DAY = 86_400_000;

/** The period as people read it: the preset's name, or its days (UTC). */
export const periodWords = (from: Moment, to: Moment, now: number): string => {
  const preset = PRESETS.find((one) => one.from === from && one.to === to);
  if (preset !== undefined) return preset.words;
  return rangeWords(periodOf(from, to, now));
};

/** With which period is compared, as people read it: `Compared with the previous period`. */
export const compareWords = (compare: Compare, now: number): string => {
  if (compare === 'none') return 'Compared with nothing';
  if (compare === 'prev') return 'Compared with the previous period';
  if (compare === 'year') return 'Compared with a year ago';
  return `Compared with ${rangeWords(periodOf(compare.from, compare.to, now))}`;
};

/** Days of a period, `1 – 15 Nov 2026`, with times where it does not consist of whole days. */
export const rangeWords = ({ from, to }: Period): string => {
  if (from % DAY === 0 && to % DAY === 0)
    return to - from === DAY ? days.format(from) : days.formatRange(from, to - DAY);
  return times.formatRange(from, to);
};

const days = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const times = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** The period before (`steps` −1) or after; whole months go by months. null: it would begin in the future. */
export const steppedPeriod = (
  { from, to }: Period,
  steps: -1 | 1,
  now: number,
): { readonly from: Moment; readonly to: Moment } | null => {
  const shifted = isWholeMonth({ from, to }) ? shiftMonth(from, steps) : shift({ from, to }, steps);
  return shifted.from >= now ? null : momentsOf(shifted);
};

const isWholeMonth = ({ from, to }: Period): boolean => {
  const start = new Date(from);
  return (
    from === Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1) &&
    to === Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)
  );
};

const shiftMonth = (from: number, steps: number): Period => {
  const start = new Date(from);
  const month = start.getUTCMonth() + steps;
  return {
    from: Date.UTC(start.getUTCFullYear(), month, 1),
    to: Date.UTC(start.getUTCFullYear(), month + 1, 1),
  };
};

/** Periods of a day and more move by whole days. */
const shift = ({ from, to }: Period, steps: number): Period => {
  const length = to - from;
  const step = length < DAY * 0.9 ? length : Math.ceil(length / DAY) * DAY;
  const start = from + steps * step;
  return { from: start, to: start + step };
};

/** The moments that name a period: days where it consists of whole days. */
export const momentsOf = ({ from, to }: Period): { readonly from: Moment; readonly to: Moment } => {
  if (from % DAY === 0 && to % DAY === 0) return { from: dayOf(from), to: dayOf(to - DAY) };
  return { from: instantOf(from), to: instantOf(to) };
};

const instantOf = (time: number): Moment => `${new Date(time).toISOString().slice(0, 16)}Z`;
