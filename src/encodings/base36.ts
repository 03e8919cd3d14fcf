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
