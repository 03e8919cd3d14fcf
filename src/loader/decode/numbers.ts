/** What a number may be. */
export interface NumberRule {
  /** Greatest value that is believed; a larger one is an outlier and becomes NULL, never the limit. */
  readonly max: number;
  /** Rounded half up to a whole number. */
  readonly whole: boolean;
}

/** Milliseconds: at most an hour. */
export const DURATION: NumberRule = { max: 3_600_000, whole: true };
/** Numbers of a column of 16 bits. */
export const SMALL_COUNT: NumberRule = { max: 65_535, whole: true };
export const COUNT: NumberRule = { max: 1_000_000, whole: true };
/** At most a tebibyte. */
export const BYTES: NumberRule = { max: 2 ** 40, whole: true };
/** Sizes in characters and squared pixels. */
export const SIZE: NumberRule = { max: 4_000_000_000, whole: true };
export const SHIFT: NumberRule = { max: 100, whole: false };
export const PIXELS: NumberRule = { max: 32_767, whole: true };
export const PERCENT: NumberRule = { max: 100, whole: false };
/** Ratios and rates: device pixels, frames per second, Mbit/s, GiB. */
export const RATE: NumberRule = { max: 100_000, whole: false };
/** Epoch milliseconds up to the year 2100. */
export const MOMENT: NumberRule = { max: 4_102_444_800_000, whole: false };

/** What came of reading a number: a value, nothing there, or something that is not believed. */
export type NumberOutcome = number | null | 'refused';

const MAX_LENGTH = 40;

/**
 * Reads an integer, a decimal or a number with exponent, blanks around it allowed. Empty is null. Anything else, not finite,
 * negative or above the rule's limit is 'refused'.
 */
export const readNumber = (text: string, rule: NumberRule): NumberOutcome => {
  if (text === '') return null;
  if (text.length > MAX_LENGTH) return text.trim() === '' ? null : 'refused';
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return isDecimal(trimmed) ? applyRule(Number(trimmed), rule) : 'refused';
};

/** Rounds a number and refuses it when the rule does not allow it. */
export const applyRule = (value: number, rule: NumberRule): number | 'refused' => {
  if (!(value >= 0) || value > rule.max) return 'refused';
  return rule.whole ? Math.floor(value + 0.5) : value;
};

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

const isDecimal = (text: string): boolean => DECIMAL.test(text);
