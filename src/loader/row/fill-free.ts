import { DURATION, type NumberRule, readNumber } from '../decode/numbers.ts';
import type { Parameters } from '../decode/parameters.ts';
import { cleanText } from '../decode/text.ts';
import { readUserTimings } from '../decode/user-timing.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';
import { Entries } from './entries.ts';
import { isKeptList, KeptLists, MAX_KEPT_LIST, READ_LISTS } from './kept-lists.ts';

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

/** Prepares the step: whatever the page said that has no column: timers, dimensions, metrics, and the rest. Bounded in number and length. */
export const createFillFree = (): ((row: DraftRow, facts: BeaconFacts) => void) => {
  const timers = new Bag<number>('timers', MAX_TIMERS);
  const dimensions = new Bag<string>('dimensions', MAX_OWN);
  const metrics = new Bag<number>('custom_metrics', MAX_OWN);
  const other = new Bag<string>('other', MAX_OTHER);
  const lists = new KeptLists();
  return (row, { parameters }) => {
    for (const each of [timers, dimensions, metrics, other, lists]) each.begin(parameters);
    let otherLength = 0;
    addTimers(timers, parameters);
    parameters.forEachUnknown(lengthOf, (name, value) => {
      if (isKeptList(name)) return lists.put(name, value);
      const family = familyOf(name);
      if (family === 'cdim') dimensions.put(name.slice(FAMILY_LENGTH), cleanText(value, MAX_DIMENSION));
      else if (family === 'cmet') metrics.put(name.slice(FAMILY_LENGTH), metric(value));
      else if (family === 'ctim') timers.put(name.slice(FAMILY_LENGTH), duration(value));
      else {
        otherLength += value.length;
        other.put(name, otherLength <= MAX_OTHER_LENGTH ? value : null);
      }
    });
    for (const name of READ_LISTS) {
      const list = parameters.text(name, MAX_KEPT_LIST + 1);
      if (list !== '') lists.put(name, list);
    }
    if (timers.entries.size > 0) row.timers = timers.entries;
    if (dimensions.entries.size > 0) row.dimensions = dimensions.entries;
    if (metrics.entries.size > 0) row.custom_metrics = metrics.entries;
    // The lists first; no name is in both.
    const kept = lists.entries;
    other.entries.forEach((value, name) => kept.add(name, value));
    if (kept.size > 0) row.other = kept;
  };
};

/** Characters of a value that are looked at: of a list one more than are kept, to see that it is too long. */
const lengthOf = (name: string): number => (isKeptList(name) ? MAX_KEPT_LIST + 1 : MAX_VALUE);

/** Length of `cdim.`, `cmet.`, `ctim.`; PHP wrote `cdim_`. */
const FAMILY_LENGTH = 5;
/** Its first four letters, when a separator and more come behind them; empty: of none. */
const familyOf = (name: string): string => {
  if (name.length <= FAMILY_LENGTH || name.charCodeAt(0) !== LETTER_C) return '';
  const mark = name.charAt(FAMILY_LENGTH - 1);
  return mark === '.' || mark === '_' ? name.slice(0, FAMILY_LENGTH - 1) : '';
};

const LETTER_C = 0x63;

/** Values by key, up to a number of them. */
class Bag<T> {
  readonly entries = new Entries<T>();
  readonly #column: string;
  readonly #maxSize: number;
  #parameters: Parameters | null = null;

  constructor(column: string, maxSize: number) {
    this.#column = column;
    this.#maxSize = maxSize;
  }

  /** Empties it for a beacon. */
  begin(parameters: Parameters): void {
    this.entries.clear();
    this.#parameters = parameters;
  }

  /** Takes a value; the first one of a key stays. Null, or one too many: the column is rejected. */
  put(key: string, value: T | null): void {
    if (this.entries.has(key)) return;
    if (value === null || this.entries.size >= this.#maxSize) this.#parameters?.reject(this.#column);
    else this.entries.add(key, value);
  }
}

/** `name|ms,name|ms`, and the page's marks and measures. */
const addTimers = (timers: Bag<number>, parameters: Parameters): void => {
  const other = parameters.text('t_other', 8_192);
  for (const pair of other === '' ? [] : other.split(',')) {
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
