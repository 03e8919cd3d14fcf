import { CONTINUITY_LISTS } from '#continuity';
import type { ParameterName } from '../decode/parameter-names.ts';
import type { Parameters } from '../decode/parameters.ts';
import { Entries } from './entries.ts';

/** In both spellings. */
const NAMES: ReadonlySet<string> = new Set(
  [...CONTINUITY_LISTS, 'servertiming'].flatMap((name) => [name, name.replaceAll('.', '_')]),
);

/** Lists that columns are made of, and that say more than the columns do. */
export const READ_LISTS: readonly ParameterName[] = ['c.cls.d', 'et.e', 'err'];

/** A longer list is not kept. */
export const MAX_KEPT_LIST = 16_384;
/** All lists of a beacon together, characters. */
const MAX_KEPT_LENGTH = 65_536;

const DOT = 0x2e;
const UNDERSCORE = 0x5f;
const LETTER_E = 0x65;

/** Is this the name of a list that is kept? Nearly all names are none, and their second letter says so. */
export const isKeptList = (name: string): boolean => {
  const second = name.charCodeAt(1);
  return (second === DOT || second === UNDERSCORE || second === LETTER_E) && NAMES.has(name);
};

/**
 * Lists that are read where a single page view is looked at. Half a list cannot be read, so each is kept whole or not at all; they stand beside the limits
 * of what else a page says.
 */
export class KeptLists {
  readonly entries = new Entries<string>();
  #parameters: Parameters | null = null;
  #length = 0;

  /** Empties it for a beacon. */
  begin(parameters: Parameters): void {
    this.entries.clear();
    this.#parameters = parameters;
    this.#length = 0;
  }

  /** Takes a list; the first one of a name stays. One that is too long: `other` is rejected. */
  put(name: string, value: string): void {
    if (this.entries.has(name)) return;
    this.#length += value.length;
    if (value.length > MAX_KEPT_LIST || this.#length > MAX_KEPT_LENGTH) this.#parameters?.reject('other');
    else this.entries.add(name, value);
  }
}
