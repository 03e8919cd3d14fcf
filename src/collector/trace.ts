import { traceMembers } from './trace-in-json.ts';

/** Longest trace that is looked up and stored, in characters. */
export const MAX_TRACE_LENGTH = 128;
/** So much of a raw value is decoded: 128 characters of four bytes, each escaped. */
const MAX_RAW_BYTES = MAX_TRACE_LENGTH * 12;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;

/** Finds the parameter that names the tenant, without decoding the others. */
export interface TraceFinder {
  /** The trace of a beacon; '': it has none. May be longer than `MAX_TRACE_LENGTH` characters; then nobody has it. */
  find(query: Buffer, body: Buffer): string;
}

/**
 * Creates a finder for these names. The names are tried in their order; of each, the query before the body, the first value
 * before later ones; an empty value is none. A name counts in exactly this case. Only when none of them is written plainly
 * the beacon is searched again for percent-encoded spellings. A body that is a JSON object, or `data=` and one, is read as the loader reads it. Invalid
 * escapes and invalid UTF-8 are never an error.
 */
export const createTraceFinder = (names: readonly string[]): TraceFinder => {
  const wanted = names.map((name) => Buffer.from(name));
  return {
    find: (query, body) => {
      const members = traceMembers(body, wanted, decodeValue);
      for (const [index, name] of wanted.entries()) {
        const value =
          findPlain(query, name) ?? members?.get(names[index] ?? '') ?? findPlain(body, name) ?? '';
        if (value !== '') return value;
      }
      for (const name of wanted) {
        const value = findEncoded(query, name) ?? findEncoded(body, name) ?? '';
        if (value !== '') return value;
      }
      return '';
    },
  };
};

/** Value of the first parameter whose name is written exactly so; the search runs in native code. */
const findPlain = (text: Buffer, name: Buffer): string | null => {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (at !== 0 && text[at - 1] !== AMPERSAND) continue;
    const end = at + name.length;
    if (end === text.length || text[end] === AMPERSAND) return '';
    if (text[end] === EQUALS) return readValue(text, end + 1);
  }
  return null;
};

/** Value of the first parameter whose name is this one when its escapes are undone. */
const findEncoded = (text: Buffer, name: Buffer): string | null => {
  if (text.indexOf(PERCENT) === -1) return null;
  for (let start = 0; start < text.length; ) {
    const valueAt = matchName(text, start, name);
    if (valueAt !== -1) return readValue(text, valueAt);
    const next = text.indexOf(AMPERSAND, start);
    if (next === -1) break;
    start = next + 1;
  }
  return null;
};

/** Are there more parameters than `limit`? So many need twice as many bytes, so most beacons need not be looked at. */
export const hasMoreParameters = (query: Buffer, body: Buffer, limit: number): boolean =>
  query.length + body.length >= limit * 2 && countParameters(query) + countParameters(body) > limit;

const countParameters = (text: Buffer): number => {
  let count = 0;
  let previous = AMPERSAND;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    if (previous === AMPERSAND && byte !== AMPERSAND) count += 1;
    previous = byte;
  }
  return count;
};

/** Where the value begins when the parameter at `start` has this name, -1 otherwise. */
const matchName = (text: Buffer, start: number, name: Buffer): number => {
  let at = start;
  for (const expected of name) {
    let byte = text[at];
    if (byte === PERCENT) {
      byte = hexByte(text, at + 1);
      at += 2;
    }
    if (byte !== expected) return -1;
    at += 1;
  }
  if (at === text.length || text[at] === AMPERSAND) return at;
  return text[at] === EQUALS ? at + 1 : -1;
};

const readValue = (text: Buffer, start: number): string => {
  const most = Math.min(text.length, start + MAX_RAW_BYTES);
  let isPlain = true;
  let end = start;
  for (; end < most && text[end] !== AMPERSAND; end++) {
    const byte = text[end] ?? 0;
    if (byte === PERCENT || byte === PLUS || byte > 0x7f) isPlain = false;
  }
  return isPlain ? text.toString('latin1', start, end) : decodeValue(text, start, end);
};

/** Percent-decodes; what is no escape stays as it is, what is no UTF-8 becomes U+FFFD. */
const decodeValue = (text: Buffer, start: number, end: number): string => {
  const decoded = Buffer.alloc(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = text[at] ?? 0;
    const escaped = byte === PERCENT && at + 2 < end ? hexByte(text, at + 1) : -1;
    if (escaped !== -1) at += 2;
    decoded[length++] = escaped !== -1 ? escaped : byte === PLUS ? 0x20 : byte;
  }
  return decoded.toString('utf8', 0, length);
};

/** The byte that the two hexadecimal digits at `at` mean, -1: they are none. */
const hexByte = (text: Buffer, at: number): number => {
  const high = hexDigit(text[at] ?? 0);
  const low = hexDigit(text[at + 1] ?? 0);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
};

const hexDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};
