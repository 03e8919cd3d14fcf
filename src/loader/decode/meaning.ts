import { PARAMETER_NAMES } from './parameter-names.ts';
import { RAW_PER_CHARACTER } from './percent.ts';
import { cleanText } from './text.ts';

/** What the name of a parameter stands for. */
export interface Meaning {
  /** Its place in `PARAMETER_NAMES`; -1: it has no column. */
  readonly slot: number;
  /** It is spelled with underscores where the name in the list has dots. */
  readonly isUnderscored: boolean;
  /** The name as it is kept when it has no column; empty: it is too long, or nothing is left of it. */
  readonly key: string;
}

/** A longer name is not kept. */
const MAX_KEY = 64;

/** Finds out what a name stands for. Both spellings are understood, with dots and with underscores in their place. */
export const meaningOf = (text: string): Meaning => {
  const slot = slotOf(text);
  if (slot !== -1) {
    const isDotted = PARAMETER_NAMES[slot]?.includes('.') === true;
    return { slot, isUnderscored: isDotted && !text.includes('.'), key: '' };
  }
  const key = text.length > MAX_KEY * RAW_PER_CHARACTER ? '' : cleanText(text, MAX_KEY + 1);
  return { slot, isUnderscored: false, key: key.length > MAX_KEY ? '' : key };
};

const UNDERSCORED: ReadonlyMap<string, number> = new Map(
  PARAMETER_NAMES.map((name, slot) => [name.replaceAll('.', '_'), slot]),
);

/** An underscore that belongs to a name cannot be sent as a dot. */
const slotOf = (text: string): number => {
  const slot = UNDERSCORED.get(text.replaceAll('.', '_')) ?? -1;
  const name = PARAMETER_NAMES[slot] ?? '';
  for (let index = 0; index < name.length; index++) if (text[index] === '.' && name[index] !== '.') return -1;
  return slot;
};
