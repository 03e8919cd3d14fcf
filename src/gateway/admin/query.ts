import { parseModuleId } from '../module-id.ts';
import { bad, shown } from './answers.ts';
import { isNpmSnapshot, isPreRelease } from './versions.ts';

/** `true` or `false` of a parameter. Errors: 400 with Okapi's text. */
export const readSwitch = (query: URLSearchParams, name: string, fallback: boolean): boolean => {
  const value = query.get(name);
  if (value === null) return fallback;
  if (value === 'true') return true;
  if (value === 'false') return false;
  throw bad(`Bad boolean for parameter ${name}: ${shown(value)}`);
};

/** A whole number of a parameter. `fallback` null: it is required. Errors: 400 with Okapi's text. */
export const readNumber = (query: URLSearchParams, name: string, fallback: number | null): number => {
  const value = query.get(name);
  if (value !== null && /^[+-]?\d{1,9}$/.test(value)) return Number(value);
  if (value !== null) throw bad(`Bad integer for parameter '${name}'`);
  if (fallback === null) throw bad(`Missing value for parameter '${name}'`);
  return fallback;
};

/** Which versions a client wants to see: `preRelease` and `npmSnapshot`, each `true` (default), `false` or `only`. */
export const versionFilter = (query: URLSearchParams): ((moduleId: string) => boolean) => {
  const preRelease = readVersionWish(query, 'preRelease');
  const npmSnapshot = readVersionWish(query, 'npmSnapshot');
  return (id) => {
    if (isPreRelease(id)) return preRelease !== 'false';
    if (isNpmSnapshot(id)) return npmSnapshot !== 'false';
    return preRelease !== 'only' && npmSnapshot !== 'only';
  };
};

/** Is a module of the product that `filter` names, and of its version as far as `filter` gives one (`mod-a-1` is not 10.0)? */
export const hasPrefix = (moduleId: string, filter: string): boolean => {
  const [wanted, found] = [parseModuleId(filter), parseModuleId(moduleId)];
  if (wanted.product !== found.product) return false;
  if (wanted.version === null) return true;
  const version = found.version ?? '';
  const next = version.charAt(wanted.version.length);
  return version.startsWith(wanted.version) && (next === '' || '.-+'.includes(next));
};

const readVersionWish = (query: URLSearchParams, name: string): 'true' | 'false' | 'only' => {
  const value = query.get(name) ?? 'true';
  if (value === 'true' || value === 'false' || value === 'only') return value;
  throw bad(
    `Expected "true", "false", "only" or undefined/null for parameter ${name}, but got: ${shown(value)}`,
  );
};
