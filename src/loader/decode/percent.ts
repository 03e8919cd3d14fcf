import { isUtf8 } from 'node:buffer';

/** A character of a value may stand there as so many raw ones (four bytes, three each). */
export const RAW_PER_CHARACTER = 12;

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/**
 * Decodes one form-encoded name or value as the URL standard does (https://url.spec.whatwg.org/#urlencoded-parsing): `+` and `%20`
 * are spaces, an invalid escape stays as it is, invalid UTF-8 becomes U+FFFD. Never throws.
 */
export const decodePercent = (raw: string): string => {
  if (!raw.includes('%')) return raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  const source = Buffer.from(raw, 'utf8');
  return decodePercentText(source, 0, source.length);
};

/** The same for the bytes of `source` from `start` to `end`: a third of what `decodeURIComponent` takes. */
export const decodePercentText = (source: Uint8Array, start: number, end: number): string => {
  const target = end - start <= ROOM.length ? ROOM : Buffer.allocUnsafeSlow(end - start);
  return target.toString('utf8', 0, decodePercentBytes(source, start, end, target));
};

/** For values that are not extraordinarily long. */
const ROOM = Buffer.allocUnsafeSlow(16_384);

/**
 * The same as bytes: decodes `source` from `start` to `end` into `target`, which has room for as many, and returns the number of
 * bytes written.
 */
export const decodePercentBytes = (
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
): number => {
  let length = 0;
  for (let index = start; index < end; index++) {
    const byte = source[index] ?? 0;
    if (byte === PERCENT && index + 2 < end) {
      const high = HEX[source[index + 1] ?? 0] ?? NO_DIGIT;
      const low = HEX[source[index + 2] ?? 0] ?? NO_DIGIT;
      if (high !== NO_DIGIT && low !== NO_DIGIT) {
        target[length++] = high * 16 + low;
        index += 2;
        continue;
      }
    }
    target[length++] = byte === PLUS ? SPACE : byte;
  }
  return length;
};

const NO_DIGIT = 0xff;
/** Value of each byte as a hexadecimal digit. */
const HEX = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return value === -1 ? NO_DIGIT : value;
});

const NOT_ASCII = /[\u0080-\uffff]/;
const NOT_LATIN1 = /[\u0100-\uffff]/;

/**
 * Text of a part of an HTTP head. Node hands such bytes over as Latin-1 characters; where they are UTF-8 they become what the sender
 * meant. Text that is already decoded stays as it is.
 */
export const decodeHead = (text: string): string => {
  if (!NOT_ASCII.test(text) || NOT_LATIN1.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
};
