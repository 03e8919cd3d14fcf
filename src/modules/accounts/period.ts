import { z } from 'zod';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Whoever asks for "now" may be a little ahead of us. */
const AHEAD_MS = 5 * MINUTE;

const PAST = /^-([1-9]\d{0,3})([mhd])$/;
const MONTH = /^month(?:-([1-9]\d?))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/;

const isMoment = (text: string): boolean =>
  text === 'now' ||
  text === 'year' ||
  PAST.test(text) ||
  MONTH.test(text) ||
  ((DATE.test(text) || INSTANT.test(text)) && !Number.isNaN(Date.parse(text)));

/**
 * A moment as the application's addresses have it, in UTC: `now`; `-30m`, `-24h` (from the whole minute or hour); `-28d` (the beginning of the first of the
 * last 28 days); `month`, `month-1`, `year`; a day; an instant.
 */
export const moment = z
  .string()
  .max(40)
  .refine(isMoment, 'expected a moment as in an address: now, -28d, month, 2026-11-22 or an instant');

/** A period (epoch ms, half-open) of two such moments, seen from `now`; a day as an end counts whole. */
export const periodOf = (
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): { readonly from: number; readonly to: number } => ({
  from: timeOf(from, now, 'from'),
  to: to === 'now' ? now + AHEAD_MS : timeOf(to, now, 'to'),
});

/** 52 weeks, so that days of the week meet. */
const YEAR_MS = 52 * 7 * DAY;

/** The period with which a selection is compared; null: with none. */
export const comparedPeriod = (
  selection: {
    readonly from: string;
    readonly to: string;
    readonly compare?: 'prev' | 'year' | { readonly from: string; readonly to: string } | undefined;
  },
  now: number,
): { readonly from: number; readonly to: number } | null => {
  const { compare } = selection;
  if (compare === undefined) return null;
  if (typeof compare === 'object') return periodOf(compare, now);
  const { from, to } = periodOf(selection, now);
  const shift = compare === 'prev' ? to - from : YEAR_MS;
  return { from: from - shift, to: to - shift };
};

const timeOf = (text: string, now: number, side: 'from' | 'to'): number => {
  const past = PAST.exec(text);
  if (past !== null) return pastTime(Number(past[1]), past[2] ?? 'd', now);
  const month = MONTH.exec(text);
  const today = new Date(now);
  if (month !== null) return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - Number(month[1] ?? 0), 1);
  if (text === 'year') return Date.UTC(today.getUTCFullYear(), 0, 1);
  if (DATE.test(text)) return Date.parse(text) + (side === 'to' ? DAY : 0);
  return text === 'now' ? now : Date.parse(text);
};

const pastTime = (count: number, unit: string, now: number): number => {
  if (unit === 'm') return floor(now - count * MINUTE, MINUTE);
  if (unit === 'h') return floor(now - count * HOUR, HOUR);
  return floor(now, DAY) - (count - 1) * DAY;
};

const floor = (time: number, step: number): number => Math.floor(time / step) * step;
