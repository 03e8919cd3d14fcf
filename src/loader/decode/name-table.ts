const DOT = 0x2e;
const UNDERSCORE = 0x5f;
const EQUALS = 0x3d;

/** Finds a known parameter name in the middle of a form without cutting it out. */
export interface NameTable {
  /**
   * Slot of the name that stands in `form` between `start` and `end`, -1 when it is not a known one. `hash` is that of `addToHash`
   * over its bytes. Both spellings, with dots and with underscores for them, are found.
   */
  find(form: Uint8Array, start: number, end: number, hash: number): number;
  /** Does this slot's name stand at `start`, in either spelling, with `=` behind it? Then where it ends, else -1. */
  endIfStands(slot: number, form: Uint8Array, start: number): number;
  /** Slot of a name by itself, -1 when it is not known. */
  slotOf(name: string): number;
}

/** Adds a byte to the hash of a name; dots and underscores are the same. Begin with 0. */
export const addToHash = (hash: number, byte: number): number =>
  (Math.imul(hash, 31) + (byte === DOT ? UNDERSCORE : byte)) | 0;

/** Creates a table; the slot of a name is its place in the list. Names are ASCII. */
export const createNameTable = (names: readonly string[]): NameTable => {
  const size = 2 ** Math.ceil(Math.log2(names.length * 8));
  const slots = new Int16Array(size).fill(-1);
  const spelled = names.map((name) => Buffer.from(name, 'latin1'));
  for (const [slot, name] of spelled.entries()) {
    let at = hashOf(name) & (size - 1);
    while (slots[at] !== -1) at = (at + 1) & (size - 1);
    slots[at] = slot;
  }

  const find = (form: Uint8Array, start: number, end: number, hash: number): number => {
    for (let at = hash & (size - 1); ; at = (at + 1) & (size - 1)) {
      const slot = slots[at] ?? -1;
      if (slot === -1) return -1;
      const name = spelled[slot];
      if (name !== undefined && isSameName(name, form, start, end)) return slot;
    }
  };
  const endIfStands = (slot: number, form: Uint8Array, start: number): number => {
    const name = spelled[slot];
    if (name === undefined || form[start + name.length] !== EQUALS) return -1;
    return isSameName(name, form, start, start + name.length) ? start + name.length : -1;
  };
  const slotOf = (name: string): number => {
    const bytes = Buffer.from(name, 'utf8');
    return find(bytes, 0, bytes.length, hashOf(bytes));
  };
  return { find, endIfStands, slotOf };
};

const hashOf = (name: Uint8Array): number => name.reduce((hash, byte) => addToHash(hash, byte), 0);

const isSameName = (name: Uint8Array, form: Uint8Array, start: number, end: number): boolean => {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) {
    const expected = name[index];
    const found = form[start + index];
    if (found !== expected && !(expected === DOT && found === UNDERSCORE)) return false;
  }
  return true;
};
