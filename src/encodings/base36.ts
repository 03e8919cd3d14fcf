/** Reads base 36 (a leading `-` allowed): NaN when it is not a number of at most 12 digits. */
export const readBase36 = (text: string, from = 0, to = text.length): number => {
  const negative = text.charCodeAt(from) === 0x2d;
  let index = negative ? from + 1 : from;
  if (index >= to || to - index > 12) return Number.NaN;
  let value = 0;
  for (; index < to; index++) {
    const digit = digitOf(text.charCodeAt(index));
    if (digit === -1) return Number.NaN;
    value = value * 36 + digit;
  }
  return negative ? -value : value;
};

const digitOf = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x7a) return code - 0x57;
  return code >= 0x41 && code <= 0x5a ? code - 0x37 : -1;
};

/** Digits behind the point that are read. */
const MAX_FRACTION = 4;

/** Reads base 36 with a fraction, as JavaScript writes a number: `-2g.6r` is -88.19; two decimals. NaN when the whole part is no number. */
export const readBase36Decimal = (text: string): number => {
  const point = text.indexOf('.');
  const whole = readBase36(text, 0, point === -1 ? text.length : point);
  if (point === -1) return whole;
  const digits = text.slice(point + 1, point + 1 + MAX_FRACTION);
  const fraction = readBase36(digits) / 36 ** digits.length || 0;
  const value = text.startsWith('-') ? whole - Math.abs(fraction) : whole + Math.abs(fraction);
  return Math.round(value * 100) / 100;
};
