/** Longest trace that is looked up and stored, in characters. */
export const MAX_TRACE_LENGTH = 128;
/** So much of a raw value is decoded: 128 characters of four bytes, each escaped. */
const MAX_RAW_BYTES = MAX_TRACE_LENGTH * 12;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;

/** What a scan has found so far: per name, the first value; null: not there yet. */
export type TraceValues = (string | null)[];

/** Looks for the parameters that name the tenant, without decoding the others. */
export interface TraceScan {
  /** Empty values for a beacon. */
  begin(): TraceValues;
  /**
   * Goes over form-encoded bytes once: fills in the values that are still missing (scan the query before the body) and
   * returns the number of parameters, empty ones included.
   */
  scan(bytes: Uint8Array, length: number, values: TraceValues): number;
  /** The first value that is not empty, in the order of preference of the names; '': there is none. */
  choose(values: TraceValues): string;
}

/**
 * Creates a scan for these names. A name counts whether it is written plainly or percent-encoded, in exactly this case. Of
 * several values of one name the first one counts. Invalid escapes and invalid UTF-8 are never an error.
 */
export const createTraceScan = (names: readonly string[]): TraceScan => {
  const wanted = names.map((name) => Buffer.from(name));
  // First bytes with which a wanted name can begin: its own, or an escape.
  const isFirst = new Uint8Array(256);
  for (const name of wanted) isFirst[name[0] ?? 0] = 1;
  isFirst[PERCENT] = 1;

  const match = (bytes: Uint8Array, start: number, end: number, values: TraceValues): void => {
    for (let index = 0; index < wanted.length; index++) {
      const name = wanted[index];
      if (name === undefined || values[index] !== null) continue;
      const valueAt = matchName(bytes, start, end, name);
      if (valueAt !== -1) values[index] = readValue(bytes, valueAt, end);
    }
  };

  const scan = (bytes: Uint8Array, length: number, values: TraceValues): number => {
    if (length === 0) return 0;
    let parameters = 1;
    if (isFirst[bytes[0] ?? 0] === 1) match(bytes, 0, length, values);
    for (let at = 0; at < length; at++) {
      if (bytes[at] !== AMPERSAND) continue;
      parameters += 1;
      if (isFirst[bytes[at + 1] ?? 0] === 1) match(bytes, at + 1, length, values);
    }
    return parameters;
  };

  return {
    begin: () => wanted.map(() => null),
    scan,
    choose: (values) => values.find((value) => value !== null && value !== '') ?? '',
  };
};

/** Where the value begins when the parameter at `start` has this name, -1 otherwise. */
const matchName = (bytes: Uint8Array, start: number, end: number, name: Uint8Array): number => {
  let at = start;
  for (let index = 0; index < name.length; index++) {
    if (at >= end) return -1;
    let byte = bytes[at];
    if (byte === PERCENT) {
      byte = at + 2 < end ? hexByte(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0) : -1;
      at += 2;
    }
    if (byte !== name[index]) return -1;
    at += 1;
  }
  if (at === end || bytes[at] === AMPERSAND) return at;
  return bytes[at] === EQUALS ? at + 1 : -1;
};

const readValue = (bytes: Uint8Array, start: number, limit: number): string => {
  const most = Math.min(limit, start + MAX_RAW_BYTES);
  let isPlain = true;
  let end = start;
  for (; end < most && bytes[end] !== AMPERSAND; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === PERCENT || byte === PLUS || byte > 0x7f) isPlain = false;
  }
  return isPlain ? String.fromCharCode(...bytes.subarray(start, end)) : decodeValue(bytes, start, end);
};

/** Percent-decodes; what is no escape stays as it is, what is no UTF-8 becomes U+FFFD. */
const decodeValue = (bytes: Uint8Array, start: number, end: number): string => {
  const decoded = Buffer.alloc(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === PERCENT && at + 2 < end ? hexByte(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0) : -1;
    if (escaped !== -1) at += 2;
    decoded[length++] = escaped !== -1 ? escaped : byte === PLUS ? 0x20 : byte;
  }
  return decoded.toString('utf8', 0, length);
};

const hexByte = (high: number, low: number): number => {
  const a = hexDigit(high);
  const b = hexDigit(low);
  return a === -1 || b === -1 ? -1 : a * 16 + b;
};

const hexDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};
