const DOT = 0x2e;
const UNDERSCORE = 0x5f;

/** Finds a known parameter name in the middle of a text without cutting it out. */
export interface NameTable {
  /**
   * Slot of the name that stands in `text` between `start` and `end`, -1 when it is not a known one. `hash` is that of `addToHash` over
   * its characters. Both spellings, with dots and with underscores for them, are found.
   */
  find(text: string, start: number, end: number, hash: number): number;
  /** Slot of a name by itself, -1 when it is not known. */
  slotOf(name: string): number;
}

/** Adds a character to the hash of a name; dots and underscores are the same. Begin with 0. */
export const addToHash = (hash: number, code: number): number =>
  (Math.imul(hash, 31) + (code === DOT ? UNDERSCORE : code)) | 0;

/** Creates a table; the slot of a name is its place in the list. */
export const createNameTable = (names: readonly string[]): NameTable => {
  const size = 2 ** Math.ceil(Math.log2(names.length * 8));
  const slots = new Int16Array(size).fill(-1);
  for (const [slot, name] of names.entries()) {
    let at = hashOf(name) & (size - 1);
    while (slots[at] !== -1) at = (at + 1) & (size - 1);
    slots[at] = slot;
  }

  const find = (text: string, start: number, end: number, hash: number): number => {
    for (let at = hash & (size - 1); ; at = (at + 1) & (size - 1)) {
      const slot = slots[at] ?? -1;
      if (slot === -1) return -1;
      if (isSameName(names[slot] ?? '', text, start, end)) return slot;
    }
  };
  return { find, slotOf: (name) => find(name, 0, name.length, hashOf(name)) };
};

const hashOf = (name: string): number => {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = addToHash(hash, name.charCodeAt(index));
  return hash;
};

const isSameName = (name: string, text: string, start: number, end: number): boolean => {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) {
    const expected = name.charCodeAt(index);
    const found = text.charCodeAt(start + index);
    if (found !== expected && !(expected === DOT && found === UNDERSCORE)) return false;
  }
  return true;
};
