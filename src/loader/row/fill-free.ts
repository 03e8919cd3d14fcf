import { DURATION, type NumberRule, readNumber } from '../decode/numbers.ts';
import type { Parameters } from '../decode/parameters.ts';
import { cleanText } from '../decode/text.ts';
import { readUserTimings } from '../decode/user-timing.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const MAX_KEY = 64;
const MAX_VALUE = 1_024;
const MAX_DIMENSION = 256;
/** Entries in `dimensions` and in `custom_metrics`. */
const MAX_OWN = 32;
/** Entries in `timers`. */
const MAX_TIMERS = 64;
/** Entries in `other`, and all its values together. */
const MAX_OTHER = 64;
const MAX_OTHER_LENGTH = 8_192;
const MAX_LIST_LENGTH = 65_536;

/** Timers in `t_other` that are Boomerang's and not the page's. */
const BOOMERANGS_TIMERS: ReadonlySet<string> = new Set(
  'boomerang boomr_fb boomr_ld boomr_lat t_domloaded t_load t_prerender t_postrender'.split(' '),
);

/** Whatever the page said that has no column: timers, dimensions, metrics, and the rest. Bounded in number and length. */
export const fillFree = (row: DraftRow, { parameters }: BeaconFacts): void => {
  const reject = (field: string): void => parameters.reject(field);
  const timers = createBag<number>('timers', MAX_TIMERS, reject);
  const dimensions = createBag<string>('dimensions', MAX_OWN, reject);
  const metrics = createBag<number>('custom_metrics', MAX_OWN, reject);
  const other = createBag<string>('other', MAX_OTHER, reject);
  let otherLength = 0;
  addTimers(timers, parameters);
  parameters.forEachUnknown(MAX_KEY, MAX_VALUE, (name, value) => {
    const key = name.slice(FAMILY_LENGTH);
    const family = key !== '' && isSeparator(name.charAt(FAMILY_LENGTH - 1)) ? name.slice(0, 4) : '';
    if (family === 'cdim') dimensions.put(key, cleanText(value, MAX_DIMENSION));
    else if (family === 'cmet') metrics.put(key, metric(value));
    else if (family === 'ctim') timers.put(key, duration(value));
    else {
      otherLength += value.length;
      other.put(name, otherLength <= MAX_OTHER_LENGTH ? value : null);
    }
  });
  if (timers.map.size > 0) row.timers = timers.map;
  if (dimensions.map.size > 0) row.dimensions = dimensions.map;
  if (metrics.map.size > 0) row.custom_metrics = metrics.map;
  if (other.map.size > 0) row.other = other.map;
};

/** Length of `cdim.`, `cmet.`, `ctim.`; PHP wrote `cdim_`. */
const FAMILY_LENGTH = 5;
const isSeparator = (mark: string): boolean => mark === '.' || mark === '_';

/** Values by key, up to a number of them. */
interface Bag<T> {
  readonly map: ReadonlyMap<string, T>;
  /** Takes a value; the first one of a key stays. Null, or one too many: the column is rejected. */
  put(key: string, value: T | null): void;
}

const createBag = <T>(column: string, maxSize: number, reject: (column: string) => void): Bag<T> => {
  const map = new Map<string, T>();
  const put = (key: string, value: T | null): void => {
    if (map.has(key)) return;
    if (value === null || map.size >= maxSize) reject(column);
    else map.set(key, value);
  };
  return { map, put };
};

/** `name|ms,name|ms`, and the page's marks and measures. */
const addTimers = (timers: Bag<number>, parameters: Parameters): void => {
  for (const pair of parameters.text('t_other', 8_192).split(',')) {
    const bar = pair.lastIndexOf('|');
    if (bar <= 0) continue;
    const name = cleanText(pair.slice(0, bar), MAX_KEY);
    if (name !== '' && !BOOMERANGS_TIMERS.has(name)) timers.put(name, duration(pair.slice(bar + 1)));
  }
  const usertiming = parameters.whole('usertiming', MAX_LIST_LENGTH);
  if (usertiming === '' || usertiming === null) return;
  const timings = readUserTimings(usertiming);
  if (timings === null) return parameters.reject('usertiming');
  for (const [name, time] of timings) {
    const key = cleanText(name, MAX_KEY);
    if (key !== '') timers.put(key, duration(String(time)));
  }
};

const duration = (text: string): number | null => {
  const value = readNumber(text, DURATION);
  return value === 'refused' ? null : value;
};

const METRIC: NumberRule = { max: 1e15, whole: false };

const metric = (text: string): number | null => {
  const isNegative = text.startsWith('-');
  const value = readNumber(isNegative ? text.slice(1) : text, METRIC);
  if (typeof value !== 'number') return null;
  return isNegative ? -value : value;
};
