/**
 * A point in time as an address names it; all in UTC, as the reports' hours and days are.
 *
 * - `now`
 * - `-30m`, `-24h`: so long ago, begun at the whole minute or hour
 * - `-28d`: the beginning of the first of the last 28 days, today included
 * - `month`, `month-1`: the beginning of this month, of the one before; `year`: of this year
 * - `2026-11-22`: a day; as an end its whole day counts
 * - `2026-11-22T10:00Z`: an instant, to the minute
 */
export type Moment = string;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PAST = /^-([1-9]\d{0,3})([mhd])$/;
const MONTH = /^month(?:-([1-9]\d?))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/;

/** Is it one of the forms above? */
export const isMoment = (text: string): boolean =>
  text === 'now' || text === 'year' || PAST.test(text) || MONTH.test(text) || isCalendar(text);

/** A day or an instant that exists. */
const isCalendar = (text: string): boolean => {
  if (!DATE.test(text) && !INSTANT.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 10));
};

/** Epoch milliseconds of a moment, seen from `now`. `side` matters for days: `to` is their end. */
export const timeOf = (moment: Moment, now: number, side: 'from' | 'to'): number => {
  const past = PAST.exec(moment);
  if (past !== null) return pastTime(Number(past[1]), past[2] ?? 'd', now);
  const month = MONTH.exec(moment);
  const today = new Date(now);
  if (month !== null) return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - Number(month[1] ?? 0), 1);
  if (moment === 'year') return Date.UTC(today.getUTCFullYear(), 0, 1);
  if (DATE.test(moment)) return Date.parse(moment) + (side === 'to' ? DAY : 0);
  return INSTANT.test(moment) ? Date.parse(moment) : now;
};

const pastTime = (count: number, unit: string, now: number): number => {
  if (unit === 'm') return floor(now - count * MINUTE, MINUTE);
  if (unit === 'h') return floor(now - count * HOUR, HOUR);
  return floor(now, DAY) - (count - 1) * DAY;
};

const floor = (time: number, step: number): number => Math.floor(time / step) * step;

/** A half-open period in epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A period of at least a minute from two moments, in whichever order they were given. */
export const periodOf = (from: Moment, to: Moment, now: number): Period => {
  const [a, b] = [timeOf(from, now, 'from'), timeOf(to, now, 'to')];
  if (a < b) return { from: a, to: Math.max(b, a + MINUTE) };
  const [start, end] = [timeOf(to, now, 'from'), timeOf(from, now, 'to')];
  return { from: start, to: Math.max(end, start + MINUTE) };
};

/** The day of a time, `2026-11-22`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
