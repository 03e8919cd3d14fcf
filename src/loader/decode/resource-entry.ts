import { readBase36 } from './numbers.ts';

const STAR = 0x2a;
const COMMA = 0x2c;
const UNDERSCORE = 0x5f;

/** One fetch of a resource. Times are ms since navigation start; sizes are bytes, null when the browser does not tell. */
export interface ResourceEntry {
  /** Character code of the initiator: `3` script, `6` the page itself, … */
  readonly initiator: number;
  readonly startTime: number;
  readonly responseEnd: number;
  /** Time of the first byte; 0 when the browser does not tell. */
  readonly responseStart: number;
  readonly requestStart: number;
  readonly encodedBytes: number | null;
  /** Bytes on the wire; 0: from cache. */
  readonly transferBytes: number | null;
  readonly decodedBytes: number | null;
  /** Kind of a link element: 1 prefetch, 2 preload, 3 prerender, 4 style sheet; 0: none. */
  readonly linkRelation: number;
}

/**
 * Reads the entries of one leaf of `restiming`: `<initiator><times>*1<sizes>…` with `|` between fetches of the same URL. Entries
 * `*0…` are dimensions of the element, no fetches. What cannot be read is left out.
 */
export const readResourceEntries = (text: string, onEntry: (entry: ResourceEntry) => void): void => {
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('|', start);
    if (end === -1) end = text.length;
    if (text.charCodeAt(start) !== STAR && end > start) {
      const entry = readEntry(text, start, end);
      if (entry !== null) onEntry(entry);
    }
    start = end + 1;
  }
};

const readEntry = (text: string, start: number, end: number): ResourceEntry | null => {
  let timesEnd = start + 1;
  while (timesEnd < end && text.charCodeAt(timesEnd) !== STAR) timesEnd++;
  const cursor: Cursor = { at: start + 1 };
  const startTime = nextBase36(text, cursor, timesEnd);
  if (!(startTime >= 0)) return null;
  const responseEnd = nextBase36(text, cursor, timesEnd);
  const responseStart = nextBase36(text, cursor, timesEnd);
  const requestStart = nextBase36(text, cursor, timesEnd);

  let encodedBytes: number | null = null;
  let transferBytes: number | null = null;
  let decodedBytes: number | null = null;
  let linkRelation = 0;
  let at = timesEnd;
  while (at < end) {
    const kind = text.charCodeAt(at + 1);
    cursor.at = at + 2;
    at = nextStar(text, cursor.at, end);
    if (kind === 0x31) {
      encodedBytes = nextBase36(text, cursor, at);
      const isCached = text.charCodeAt(cursor.at) === UNDERSCORE && cursor.at < at;
      const more = isCached ? skipField(text, cursor, at) : nextBase36(text, cursor, at);
      transferBytes = isCached ? 0 : sizeOf(encodedBytes + more);
      decodedBytes = sizeOf(encodedBytes + nextBase36(text, cursor, at));
      encodedBytes = sizeOf(encodedBytes);
    } else if (kind === 0x34) linkRelation = nextBase36(text, cursor, at) || 0;
  }
  return {
    initiator: text.charCodeAt(start),
    startTime,
    responseEnd: startTime + (responseEnd || 0),
    responseStart: responseStart > 0 ? startTime + responseStart : 0,
    requestStart: requestStart > 0 ? startTime + requestStart : 0,
    encodedBytes,
    transferBytes,
    decodedBytes,
    linkRelation,
  };
};

interface Cursor {
  at: number;
}

/** The next number of a list with commas; 0 when it is empty or the list is over, NaN when it is not a number. */
const nextBase36 = (text: string, cursor: Cursor, end: number): number => {
  const start = cursor.at;
  if (start >= end) return 0;
  let stop = start;
  while (stop < end && text.charCodeAt(stop) !== COMMA) stop++;
  cursor.at = stop + 1;
  return stop === start ? 0 : readBase36(text, start, stop);
};

const skipField = (text: string, cursor: Cursor, end: number): number => {
  while (cursor.at < end && text.charCodeAt(cursor.at) !== COMMA) cursor.at++;
  cursor.at++;
  return 0;
};

const nextStar = (text: string, from: number, end: number): number => {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === STAR) return at;
  }
  return end;
};

const MAX_BYTES = 2 ** 40;

const sizeOf = (bytes: number): number | null => (bytes >= 0 && bytes <= MAX_BYTES ? bytes : null);
