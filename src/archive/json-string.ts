import { isUtf8 } from 'node:buffer';

const PERCENT = 0x25;
const PLUS = 0x2b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** A byte of a form becomes so many bytes of JSON at most: a quote two, an escape of three bytes six. The two quotes come on top. */
export const MOST_GROWTH = 2;

/**
 * Writes the value that stands in `form` between `start` and `end` as a JSON string (what `JSON.stringify` gives for it) into `out` at
 * `from`, and returns the place after it. There must be room (`MOST_GROWTH`). -1: the value cannot be given back exactly by its JSON
 * string: a damaged escape, bytes that are not UTF-8 once decoded, or other bytes than printable ASCII.
 */
export const writeJsonString = (
  form: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  from: number,
): number => {
  let at = from;
  let all = 0;
  out[at++] = QUOTE;
  for (let index = start; index < end; index += 1) {
    let byte = form[index] ?? 0;
    // Nearly every byte stands for itself.
    if (STANDS_FOR_ITSELF[byte] === 1) {
      out[at++] = byte;
      continue;
    }
    if (byte === PERCENT) {
      byte = ((HEX[form[index + 1] ?? 0] ?? NO_HEX) << 4) | (HEX[form[index + 2] ?? 0] ?? NO_HEX);
      if (byte > 0xff) return -1;
      index += 2;
      all |= byte;
    } else if (byte === PLUS) byte = SPACE;
    else if (byte >= 0x80 || byte < 0x20) return -1;
    if (byte === QUOTE || byte === BACKSLASH) {
      out[at++] = BACKSLASH;
      out[at++] = byte;
    } else if (byte < 0x20) at = writeEscape(byte, out, at);
    else out[at++] = byte;
  }
  if (all >= 0x80 && !isUtf8(out.subarray(from, at))) return -1;
  out[at++] = QUOTE;
  return at;
};

const writeEscape = (byte: number, out: Uint8Array, from: number): number => {
  const escape = ESCAPES[byte] ?? '';
  for (let place = 0; place < escape.length; place += 1) out[from + place] = escape.charCodeAt(place);
  return from + escape.length;
};

const STANDS_FOR_ITSELF: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte >= 0x80 || [PERCENT, PLUS, QUOTE, BACKSLASH].includes(byte) ? 0 : 1,
);

const NO_HEX = 256;

/** Value of a hex digit's byte; 256 for others, so that two of them put together are above 255. */
const HEX: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? NO_HEX : digit;
});

/** What JSON.stringify writes for the control characters. */
const ESCAPES: readonly string[] = Array.from({ length: 32 }, (_, byte) =>
  JSON.stringify(String.fromCharCode(byte)).slice(1, -1),
);
