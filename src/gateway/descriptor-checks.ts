import { AppError } from '#core';

/** An error of a descriptor; the text is what Okapi answers. */
export const invalid = (message: string): AppError =>
  new AppError('GATEWAY_DESCRIPTOR_INVALID', message, { status: 400 });

/** The value as an object, or an error that names what it is. */
export const record = (value: unknown, what: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${what} must be a JSON object`);
  return value as Record<string, unknown>;
};

/** Refuses properties that Okapi does not know. */
export const knownOnly = (found: Record<string, unknown>, known: ReadonlySet<string>, what: string): void => {
  for (const name of Object.keys(found))
    if (!known.has(name)) throw invalid(`Unrecognized field "${name.slice(0, 64)}" in ${what}`);
};

/** The value as a list; absent and null are empty. */
export const list = (value: unknown, what: string): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${what} must be a list`);
  return value;
};

/** The value as a list of strings; absent and null are empty. */
export const strings = (value: unknown, what: string): readonly string[] => {
  const items = list(value, what);
  if (!items.every((item): item is string => typeof item === 'string'))
    throw invalid(`${what} must be a list of strings`);
  return items;
};

/** Checks that the field, when present, is a list of strings. */
export const optionalStrings = (found: Record<string, unknown>, field: string): void => {
  strings(found[field], field);
};

/** Checks that the field, when present, is a string. */
export const optionalString = (found: Record<string, unknown>, field: string): void => {
  const value = found[field];
  if (value !== undefined && value !== null && typeof value !== 'string')
    throw invalid(`${field} must be a string`);
};
