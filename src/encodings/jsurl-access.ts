import { decodeObject, type JsurlValue } from './jsurl.ts';

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

/**
 * Reads a list of objects, JSURL or JSON: each of the first `limit` as `read` makes it, without what is no object and what `read` refuses (null). Null when
 * the text is no list.
 */
export const readObjects = <T>(
  text: string,
  limit: number,
  read: (object: ReadonlyMap<string, JsurlValue>) => T | null,
): readonly T[] | null => {
  const list = decodeObject(text);
  if (!Array.isArray(list)) return null;
  const found: T[] = [];
  for (const item of asList(list).slice(0, limit)) {
    const object = asMap(item);
    const value = object === undefined ? null : read(object);
    if (value !== null) found.push(value);
  }
  return found;
};

/** The value as JSON; a text as it is. Empty for nothing. */
export const asJson = (value: JsurlValue | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(plain(value));
};

// Keys come from outside: `Object.fromEntries` makes `__proto__` a member like any other.
const plain = (value: JsurlValue): unknown => {
  if (value instanceof Map)
    return Object.fromEntries([...(asMap(value) ?? [])].map(([key, each]) => [key, plain(each)]));
  return Array.isArray(value) ? asList(value).map(plain) : value;
};
