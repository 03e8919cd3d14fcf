import { VITALS, type VitalId } from '#vitals';

/** What stands where there is no value; never 0. */
export const NOTHING = '–';

/** A vital as people read it: LCP `2.31 s`, INP `184 ms`, CLS `0.087`. FCP and TTFB below a second in ms. */
export const formatVital = (vital: VitalId, value: number | null): string => {
  if (value === null) return NOTHING;
  if (VITALS[vital].unit === '') return value.toFixed(3);
  return vital === 'inp' ? formatMilliseconds(value) : formatDuration(value);
};

/** A duration of `ms` milliseconds: `184 ms`, from a second on `2.31 s`, from a minute on `3 min 20 s`. */
export const formatDuration = (ms: number | null): string => {
  if (ms === null) return NOTHING;
  if (Math.abs(ms) < 999.5) return formatMilliseconds(ms);
  if (Math.abs(ms) < 10_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (Math.abs(ms) < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0
    ? `${seconds / 60} min`
    : `${Math.trunc(seconds / 60)} min ${Math.abs(seconds % 60)} s`;
};

const formatMilliseconds = (ms: number): string => `${grouped.format(Math.round(ms))} ms`;

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });

/** How many: `12,345`. */
export const formatCount = (count: number | null): string =>
  count === null ? NOTHING : grouped.format(count);

/** How many, short: `12.3k`, `1.2m`; for axes and narrow cells. */
export const formatShort = (count: number | null): string =>
  count === null ? NOTHING : compact.format(count).toLowerCase();

/** A share of 0 to 1: `74 %`; small ones `0.4 %`, and nothing that exists is shown as 0 or all of it unless it is. */
export const formatPercent = (share: number | null): string => {
  if (share === null) return NOTHING;
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return percent === 0 || percent === 100 || (percent >= 10 && percent <= 99)
    ? `${Math.round(percent)} %`
    : `${percent.toFixed(1)} %`;
};

/** A change of a share in points (0.012 is `+1.2 pt`), with its sign. */
export const formatPoints = (change: number | null): string =>
  change === null ? NOTHING : `${signOf(change)}${Math.abs(change * 100).toFixed(1)} pt`;

/** A change from `before` to `now` in percent of `before`, with its sign: `−12 %`. */
export const formatChange = (before: number | null, now: number | null): string => {
  if (before === null || now === null || before === 0) return NOTHING;
  const percent = Math.round(((now - before) / before) * 100);
  return `${signOf(percent)}${grouped.format(Math.abs(percent))} %`;
};

const signOf = (change: number): string => {
  if (change === 0) return '±';
  return change > 0 ? '+' : '−';
};

/** Bytes in units of 1,000: `812 B`, `14.2 kB`, `3.4 MB`. */
export const formatBytes = (bytes: number | null): string => {
  if (bytes === null) return NOTHING;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
};

/** A day in UTC: `22 Nov 2026`. */
export const formatDay = (instant: string | number): string => dayFormat.format(new Date(instant));

/** A moment in UTC: `22 Nov 2026, 10:05`. */
export const formatMoment = (instant: string | number): string =>
  `${dayFormat.format(new Date(instant))}, ${timeFormat.format(new Date(instant))}`;

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

const STEPS: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60, 'second'],
  [3_600, 'minute'],
  [86_400, 'hour'],
  [86_400 * 60, 'day'],
  [86_400 * 730, 'month'],
  [Number.POSITIVE_INFINITY, 'year'],
];
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  month: 2_629_746,
  year: 31_556_952,
};
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

/** How long ago, seen from `now` (epoch ms): `3 hours ago`, `yesterday`; also `in 5 days`. */
export const formatAgo = (instant: string | number, now: number): string => {
  const seconds = (new Date(instant).getTime() - now) / 1_000;
  const unit = STEPS.find(([limit]) => Math.abs(seconds) < limit)?.[1] ?? 'year';
  return relative.format(Math.round(seconds / (UNIT_SECONDS[unit] ?? 1)), unit);
};
