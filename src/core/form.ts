import { unescape } from 'node:querystring';

/** What reading a form text found out, besides the pairs. */
export interface FormReading {
  /** Pairs that were read, repeated names included. */
  readonly pairs: number;
  /** Nothing was lost: every piece had a `=`, every escape was valid UTF-8, no name came twice (or was there already). */
  readonly exact: boolean;
}

/**
 * Reads `application/x-www-form-urlencoded` text (a query or a body) into `into`; the first value of a name wins, so read the body
 * before the query. Never throws: an escape that is not UTF-8 becomes U+FFFD, one that is not an escape stays as it is. At most
 * `maxPairs` pairs are read, the rest is left out (`exact` is false then).
 */
export const readForm = (
  text: string,
  into: Map<string, string>,
  maxPairs = Number.POSITIVE_INFINITY,
): FormReading => {
  const length = text.length;
  const decoder: Decoder = { text, exact: true, percent: -1, plus: -1 };
  let pairs = 0;
  for (let start = 0; start < length; ) {
    const found = text.indexOf('&', start);
    const end = found === -1 ? length : found;
    if (end > start) {
      if (pairs === maxPairs) return { pairs, exact: false };
      pairs += 1;
      const equals = text.indexOf('=', start);
      const nameEnd = equals === -1 || equals > end ? end : equals;
      const name = decode(decoder, start, nameEnd);
      if (nameEnd === end) decoder.exact = false;
      if (into.has(name)) decoder.exact = false;
      else into.set(name, nameEnd === end ? '' : decode(decoder, nameEnd + 1, end));
    }
    start = end + 1;
  }
  return { pairs, exact: decoder.exact };
};

interface Decoder {
  readonly text: string;
  exact: boolean;
  /** Place of the next `%` and `+` at or after the part that was decoded last: a text without them is searched once. */
  percent: number;
  plus: number;
}

const decode = (decoder: Decoder, start: number, end: number): string => {
  const { text } = decoder;
  if (decoder.percent < start) decoder.percent = placeOf(text, '%', start);
  if (decoder.plus < start) decoder.plus = placeOf(text, '+', start);
  let part = text.slice(start, end);
  if (decoder.plus < end) part = part.replaceAll('+', ' ');
  if (decoder.percent >= end) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    decoder.exact = false;
    // Bytes, one per character: `unescape` looks at the low byte of each only.
    return unescape(Buffer.from(part).toString('latin1'));
  }
};

const placeOf = (text: string, mark: string, from: number): number => {
  const place = text.indexOf(mark, from);
  return place === -1 ? Number.POSITIVE_INFINITY : place;
};
