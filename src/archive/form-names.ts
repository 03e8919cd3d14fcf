/** The name of a parameter as it was met. */
export interface FormName {
  /** Same for all spellings of one name. */
  readonly id: number;
  readonly text: string;
  /** JSON text of the name and a colon: `"rt.si":`. */
  readonly start: Uint8Array;
  /** The form in which it was met last; whoever reads forms counts them. */
  metIn: number;
}

/** A name as it is spelled in forms. */
export interface Spelling {
  readonly raw: Uint8Array;
  readonly name: FormName;
  /** What stood behind it the last time: mostly that stands there again, and nothing has to be looked up. */
  next: Spelling | null;
}

/** Names of parameters, remembered: of one site's beacons they are always the same hundred. */
export interface FormNames {
  /** Before the first name of a form. */
  readonly first: Spelling;
  /** The name that stands in `form` between `start` and `end`; null: it cannot be given back exactly (damaged escape, other bytes than ASCII). `hash` as `addToHash` gives it. */
  find(form: Uint8Array, start: number, end: number, hash: number): Spelling | null;
  /** The names that are never forgotten. */
  readonly kept: readonly FormName[];
  /** Forgets the others when they have become many; between two forms only. */
  forgetIfMany(): void;
}

/** Bytes of names that are remembered, about; clients can send any. */
const MAX_KNOWN_BYTES = 262_144;

/** Where the hash of a name begins. */
export const HASH_START = 0x811c_9dc5;
/** Adds a byte to the hash of a name. */
export const addToHash = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x0100_0193);

/** Creates it with some names that are never forgotten. */
export const createFormNames = (kept: readonly string[]): FormNames => {
  let byHash = new Map<number, Spelling>();
  let byText = new Map<string, FormName>();
  let nextId = 0;
  let knownBytes = 0;

  const of = (text: string): FormName => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    const name = { id: nextId++, text, start: Buffer.from(`${JSON.stringify(text)}:`), metIn: 0 };
    byText.set(text, name);
    knownBytes += text.length + 32;
    return name;
  };

  const keptNames = kept.map(of);
  const first: Spelling = { raw: new Uint8Array(0), name: of(''), next: null };

  return {
    first,
    find: (form, start, end, hash) => {
      const known = byHash.get(hash);
      if (known !== undefined && sameBytes(known.raw, form, start, end)) return known;
      const raw = Uint8Array.prototype.slice.call(form, start, end);
      const text = decodeName(raw);
      if (text === null) return null;
      const spelling: Spelling = { raw, name: of(text), next: null };
      byHash.set(hash, spelling);
      knownBytes += raw.length + 32;
      return spelling;
    },
    kept: keptNames,
    forgetIfMany: () => {
      if (knownBytes < MAX_KNOWN_BYTES) return;
      knownBytes = 0;
      first.next = null;
      byHash = new Map();
      byText = new Map(keptNames.map((name) => [name.text, name]));
    },
  };
};

const sameBytes = (known: Uint8Array, form: Uint8Array, start: number, end: number): boolean => {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== form[start + at]) return false;
  return true;
};

const decodeName = (raw: Uint8Array): string | null => {
  for (const byte of raw) if (byte >= 0x80 || byte < 0x20) return null;
  try {
    return decodeURIComponent(Buffer.from(raw).toString('latin1').replaceAll('+', ' '));
  } catch {
    return null;
  }
};
