const STAR = 0x2a;
const PIPE = 0x7c;
const COMMA = 0x2c;
const UNDERSCORE = 0x5f;
const MINUS = 0x2d;
const SIZES = 0x31;
const LINK_RELATION = 0x34;
const OWN_DATA = 0x35;

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
  /** Where the entry stands in the bytes, for what else it says. */
  readonly from: number;
  readonly to: number;
}

/** Room for an entry that is filled again and again. */
export type EntryRoom = { -readonly [Member in keyof ResourceEntry]: ResourceEntry[Member] };

/** An entry that says nothing yet. */
export const createEntryRoom = (): EntryRoom => ({
  initiator: 0,
  startTime: 0,
  responseEnd: 0,
  responseStart: 0,
  requestStart: 0,
  encodedBytes: null,
  transferBytes: null,
  decodedBytes: null,
  linkRelation: 0,
  from: 0,
  to: 0,
});

/**
 * Reads the entries of one leaf of `restiming`: `<initiator><times>*1<sizes>…` with `|` between fetches of the same URL. Entries
 * `*0…` are dimensions of the element, no fetches. What cannot be read is left out. With `room` an entry is valid until the next one: a page has
 * many, and objects for all of them were an eighth of what the loader left to the garbage collector (measured).
 */
export const readResourceEntries = (
  bytes: Uint8Array,
  from: number,
  to: number,
  onEntry: (entry: ResourceEntry) => void,
  room?: EntryRoom,
): void => {
  let start = from;
  while (start < to) {
    let end = start;
    while (end < to && bytes[end] !== PIPE) end++;
    if (bytes[start] !== STAR && end > start) {
      const entry = room ?? createEntryRoom();
      if (readEntry(bytes, start, end, entry)) onEntry(entry);
    }
    start = end + 1;
  }
};

/** False: it cannot be read. */
const readEntry = (bytes: Uint8Array, start: number, end: number, entry: EntryRoom): boolean => {
  const list: NumberList = { bytes, at: start + 1 };
  const startTime = next(list, end);
  const responseEnd = next(list, end);
  const responseStart = next(list, end);
  const requestStart = next(list, end);
  if (!(startTime >= 0)) return false;

  let encodedBytes: number | null = null;
  let transferBytes: number | null = null;
  let decodedBytes: number | null = null;
  let linkRelation = 0;
  for (let star = nextStar(bytes, list.at, end); star < end; star = nextStar(bytes, star + 2, end)) {
    list.at = star + 2;
    // The page's own data come last, and are any text.
    if (bytes[star + 1] === OWN_DATA) break;
    if (bytes[star + 1] === SIZES) {
      const encoded = next(list, end);
      const isCached = bytes[list.at] === UNDERSCORE;
      const more = next(list, end);
      encodedBytes = sizeOf(encoded);
      transferBytes = isCached ? 0 : sizeOf(encoded + more);
      decodedBytes = sizeOf(encoded + next(list, end));
    } else if (bytes[star + 1] === LINK_RELATION) linkRelation = next(list, end) || 0;
  }
  entry.initiator = bytes[start] ?? 0;
  entry.startTime = startTime;
  entry.responseEnd = startTime + (responseEnd || 0);
  entry.responseStart = responseStart > 0 ? startTime + responseStart : 0;
  entry.requestStart = requestStart > 0 ? startTime + requestStart : 0;
  entry.encodedBytes = encodedBytes;
  entry.transferBytes = transferBytes;
  entry.decodedBytes = decodedBytes;
  entry.linkRelation = linkRelation;
  entry.from = start;
  entry.to = end;
  return true;
};

interface NumberList {
  readonly bytes: Uint8Array;
  at: number;
}

const MAX_DIGITS = 11;

/** The next base-36 number of a list with commas that ends at a star: 0 when it is empty or the list is over, NaN when it is none. */
const next = (list: NumberList, end: number): number => {
  const { bytes } = list;
  const start = list.at;
  const isNegative = bytes[start] === MINUS;
  let index = isNegative ? start + 1 : start;
  let value = 0;
  for (; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === COMMA || byte === STAR) break;
    value = value * 36 + (DIGITS[byte] ?? Number.NaN);
  }
  list.at = bytes[index] === COMMA ? index + 1 : index;
  if (index - start > MAX_DIGITS) return Number.NaN;
  return isNegative ? -value : value;
};

/** Value of each byte as a base-36 digit. */
const DIGITS = Float64Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-zA-Z]/.test(String.fromCharCode(byte)) ? Number.parseInt(String.fromCharCode(byte), 36) : Number.NaN,
);

const nextStar = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from;
  while (at < end && bytes[at] !== STAR) at++;
  return at;
};

const MAX_BYTES = 2 ** 40;

const sizeOf = (bytes: number): number | null => (bytes >= 0 && bytes <= MAX_BYTES ? bytes : null);
