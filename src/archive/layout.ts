import type { Destination } from '#tenants';

/** One hour and one day in milliseconds. UTC has no other ones here. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** How a file of lines ends its name. */
export const LINES_SUFFIX = '.json.lines';

/** The file that says "lines below this folder were written by this program": their member `rumbrella` is believed. */
export const MARKER_FILE = 'rumbrella-archive.txt';

/** Added to the name of a day's folder while the daily job works on it. */
export const CLOSING_SUFFIX = '.closing';

/** A folder of the archive: a tenant's prefix, `unknown` or `expired`. Never a path. */
export const isFolderName = (name: string): name is Destination => /^[a-z][a-z0-9_]{0,30}$/.test(name);

/** Name of a UTC day as the Go peer writes it, without leading zeros: `2026-11-2`. */
export const dayName = (epochMs: number): string => {
  const date = new Date(epochMs);
  return `${date.getUTCFullYear()}-${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
};

/** The first instant of the day that a name (`2023-9-5`, `2023-09-05`) stands for; null: not the name of a day. */
export const parseDay = (name: string): number | null => {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(name);
  if (found === null) return null;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const start = Date.UTC(year, month - 1, day);
  const date = new Date(start);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? start : null;
};

/** Path of the hourly file for an instant, relative to the archive: `fashion_bg/2026-11-2/7.json.lines`. */
export const hourPath = (folder: string, epochMs: number): string =>
  `${folder}/${dayName(epochMs)}/${new Date(epochMs).getUTCHours()}${LINES_SUFFIX}`;

/** The hour that a file in a day's folder stands for (`7.json.lines` → 7); null: another file. */
export const parseHour = (fileName: string): number | null => {
  const found = /^(\d{1,2})\.json\.lines$/.exec(fileName);
  const hour = found === null ? Number.NaN : Number(found[1]);
  return hour <= 23 ? hour : null;
};

/** `2026-11-02 07:05:09`, UTC, as `created_at` is written. */
export const timeText = (epochMs: number): string =>
  new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');

/** The instant of a `created_at` text (`2022-08-27 05:53:00`, `2017-12-29 6:34:42`; UTC); null: not such a text. */
export const parseTimeText = (text: string): number | null => {
  const found = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2}):(\d{2})(?:\.\d{1,9})?Z?$/.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const instant = Date.UTC(year, month - 1, day, hour, minute, second);
  const valid = month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
  return valid && new Date(instant).getUTCDate() === day ? instant : null;
};
