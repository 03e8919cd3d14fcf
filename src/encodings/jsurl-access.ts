import type { JsurlValue } from './jsurl.ts';

/** The value when it is a map. */
export const asMap = (value: JsurlValue | undefined): ReadonlyMap<string, JsurlValue> | undefined =>
  value instanceof Map ? (value as ReadonlyMap<string, JsurlValue>) : undefined;

/** The value when it is a list, else an empty one. */
export const asList = (value: JsurlValue | undefined): readonly JsurlValue[] =>
  Array.isArray(value) ? (value as readonly JsurlValue[]) : [];

/** Text of a text or a number (base-36 numbers without letters are sent as numbers); empty for anything else. */
export const asText = (value: JsurlValue | undefined): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
};

/** Number of a number, or of a text that is one; NaN for anything else. */
export const asNumber = (value: JsurlValue | undefined): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
};
