import { readBase36 } from '#encodings';

/** Length of a bucket of a timeline, ms. */
export const BUCKET_MS = 100;

/**
 * Reads a timeline of Boomerang's Continuity plug-in (`c.t.*`): its value in each bucket of `BUCKET_MS`, from the bucket in which the beacon
 * before was sent. Zeros at the end are not sent. At most `limit` buckets, the first ones; null when it cannot be read.
 *
 * The first character says how the others are to be read: `0` a digit of base 64 for each bucket (greater values as `.<base 36>.`), `1` base 36 with commas
 * between, `2` two decimal digits (`__` is 100). `*<count, base 36>*` in front of a value repeats it.
 */
export const readTimeline = (text: string, limit: number): readonly number[] | null => {
  const readValue = FORMS.get(text.charCodeAt(0));
  if (readValue === undefined) return null;
  const cursor: Cursor = { text, at: 1 };
  const buckets: number[] = [];
  while (cursor.at < text.length && buckets.length < limit) {
    const times = text.charCodeAt(cursor.at) === STAR ? readBetween(cursor, STAR) : 1;
    const value = readValue(cursor);
    if (!(times >= 1) || !(value >= 0)) return null;
    for (let left = Math.min(times, limit - buckets.length); left > 0; left--) buckets.push(value);
  }
  return buckets;
};

interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads a value and moves behind it; negative or NaN when there is none. */
type ReadValue = (cursor: Cursor) => number;

const STAR = 0x2a;
const DOT = 0x2e;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';

const readDigit: ReadValue = (cursor) => {
  if (cursor.text.charCodeAt(cursor.at) === DOT) return readBetween(cursor, DOT);
  return cursor.at < cursor.text.length ? DIGITS.indexOf(cursor.text.charAt(cursor.at++)) : -1;
};

const readNumber: ReadValue = (cursor) => {
  const comma = cursor.text.indexOf(',', cursor.at);
  const end = comma === -1 ? cursor.text.length : comma;
  const value = readBase36(cursor.text, cursor.at, end);
  cursor.at = end + 1;
  return value;
};

const readPercent: ReadValue = (cursor) => {
  const digits = cursor.text.slice(cursor.at, cursor.at + 2);
  cursor.at += 2;
  if (digits === '__') return 100;
  return /^[0-9]{2}$/.test(digits) ? Number(digits) : Number.NaN;
};

/** The number in base 36 between the mark that stands here and the next such mark. */
const readBetween = (cursor: Cursor, mark: number): number => {
  const start = cursor.at + 1;
  const end = cursor.text.indexOf(String.fromCharCode(mark), start);
  cursor.at = end + 1;
  return end === -1 ? Number.NaN : readBase36(cursor.text, start, end);
};

const FORMS: ReadonlyMap<number, ReadValue> = new Map([
  ['0'.charCodeAt(0), readDigit],
  ['1'.charCodeAt(0), readNumber],
  ['2'.charCodeAt(0), readPercent],
]);
