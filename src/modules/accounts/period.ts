import { z } from 'zod';

const DAY_MS = 86_400_000;
const DAYS = /^-([1-9][0-9]{0,3})d$/;

/** A moment as the application's addresses have it: `now`, `-28d` (days before now), or an instant in ISO 8601. */
export const moment = z
  .string()
  .max(40)
  .refine(
    (value) => value === 'now' || DAYS.test(value) || isInstant(value),
    'expected now, -28d or an instant',
  );

/** The instant (epoch ms) of such a moment. */
export const instantOf = (value: string, now: number): number => {
  if (value === 'now') return now;
  const days = DAYS.exec(value)?.[1];
  return days === undefined ? Date.parse(value) : now - Number(days) * DAY_MS;
};

const isInstant = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(value) && !Number.isNaN(Date.parse(value));
