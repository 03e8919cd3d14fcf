import { decodeHead } from '../decode/percent.ts';
import { cleanText } from '../decode/text.ts';

/** Where a visitor is, as far as known. */
export interface Place {
  /** ISO 3166-1 alpha-2 in capitals, or `T1` (Tor); empty: not known. */
  readonly country: string;
  readonly city: string | null;
}

/** Place not known. */
export const NO_PLACE: Place = Object.freeze({ country: '', city: null });

const MAX_CITY_LENGTH = 64;
const CODE = /^[A-Za-z][A-Za-z0-9]$/;

/** A place from texts of a proxy or a database. `XX`, which Cloudflare sends for "not known", and everything that is no code is empty. */
export const placeOf = (country: string, city: string): Place => {
  const code = stripQuotes(country).toUpperCase();
  const name = cleanText(decodeHead(stripQuotes(city)), MAX_CITY_LENGTH);
  return { country: CODE.test(code) && code !== 'XX' ? code : '', city: name === '' ? null : name };
};

const stripQuotes = (text: string): string => {
  const trimmed = text.trim();
  const start = trimmed.startsWith('"') ? 1 : 0;
  const end = trimmed.length > start && trimmed.endsWith('"') ? trimmed.length - 1 : trimmed.length;
  return trimmed.slice(start, end).trim();
};
