import { isUtf8 } from 'node:buffer';

const PERCENT = 0x25;
const PLUS = 0x2b;

/**
 * Decodes one form-encoded name or value as the URL standard does (https://url.spec.whatwg.org/#urlencoded-parsing): `+` and `%20`
 * are spaces, an invalid escape stays as it is, invalid UTF-8 becomes U+FFFD. Never throws.
 */
export const decodePercent = (raw: string): string => {
  let hasPlus = false;
  let hasPercent = false;
  for (let index = 0; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    if (code === PERCENT) {
      hasPercent = true;
      if (hasPlus) break;
    } else if (code === PLUS) {
      hasPlus = true;
      if (hasPercent) break;
    }
  }
  const spaced = hasPlus ? raw.replaceAll('+', ' ') : raw;
  if (!hasPercent) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLeniently(spaced);
  }
};

/** Byte by byte: for the rare value that `decodeURIComponent` refuses. */
const decodeLeniently = (text: string): string => {
  const source = Buffer.from(text, 'utf8');
  const target = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let index = 0; index < source.length; index++) {
    const byte = source[index] ?? 0;
    const high = byte === PERCENT ? hexDigit(source[index + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(source[index + 2]);
    if (low === -1) target[length++] = byte;
    else {
      target[length++] = high * 16 + low;
      index += 2;
    }
  }
  // A byte order mark is text here, as in decodeURIComponent.
  return target.toString('utf8', 0, length);
};

const hexDigit = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};

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
