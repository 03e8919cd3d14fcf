import { unescape } from 'node:querystring';

/** The name of a parameter as it was met. */
export interface FormName<Meaning = unknown> {
  /** Same for all spellings of one name, and of no other one. */
  readonly id: number;
  /** Decoded. */
  readonly text: string;
  /** What the name means to whoever reads the forms: found out once. */
  readonly meaning: Meaning;
  /** Number of the form in which it was met last; whoever reads forms counts them. */
  metIn: number;
}

/** A name as it is spelled in forms. */
export interface Spelling<Meaning> {
  readonly raw: Uint8Array;
  readonly name: FormName<Meaning>;
  /** The text gives the name back (no damaged escape, no bytes other than ASCII). */
  readonly isExact: boolean;
  /** What stood behind it the last time: mostly that stands there again, and nothing has to be looked up. */
  next: Spelling<Meaning> | null;
}

/** Names of parameters, remembered: of one site's beacons they are always the same hundred. */
export interface FormNames<Meaning> {
  /** Before the first name of a form. */
  readonly first: Spelling<Meaning>;
  /** The name that stands in `form` between `start` and `end`. `hash` as `addToHash` gives it. */
  find(form: Uint8Array, start: number, end: number, hash: number): Spelling<Meaning>;
  /** Forgets all of them when they have become many; between two forms only. */
  forgetIfMany(): void;
}

/** Bytes of names that are remembered, about; clients can send any. */
const MAX_KNOWN_BYTES = 262_144;

/** Where the hash of a name begins. */
export const HASH_START = 0x811c_9dc5;
/** Adds a byte to the hash of a name. */
export const addToHash = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x0100_0193);

/** Creates it, empty. */
export const createFormNames = <Meaning>(meaningOf: (text: string) => Meaning): FormNames<Meaning> => {
  let byHash = new Map<number, Spelling<Meaning>>();
  let byText = new Map<string, FormName<Meaning>>();
  let nextId = 0;
  let knownBytes = 0;

  const of = (text: string): FormName<Meaning> => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    const name = { id: nextId++, text, meaning: meaningOf(text), metIn: 0 };
    byText.set(text, name);
    knownBytes += text.length + 32;
    return name;
  };

  const first: Spelling<Meaning> = { raw: new Uint8Array(0), name: of(''), isExact: true, next: null };

  return {
    first,
    find: (form, start, end, hash) => {
      const known = byHash.get(hash);
      if (known !== undefined && sameBytes(known.raw, form, start, end)) return known;
      const raw = Uint8Array.prototype.slice.call(form, start, end);
      const { text, isExact } = decodeName(raw);
      const spelling: Spelling<Meaning> = { raw, name: of(text), isExact, next: null };
      byHash.set(hash, spelling);
      knownBytes += raw.length + 32;
      return spelling;
    },
    forgetIfMany: () => {
      if (knownBytes < MAX_KNOWN_BYTES) return;
      knownBytes = 0;
      first.next = null;
      byHash = new Map();
      byText = new Map();
    },
  };
};

const sameBytes = (known: Uint8Array, form: Uint8Array, start: number, end: number): boolean => {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== form[start + at]) return false;
  return true;
};

/** As the URL standard does it: an escape that is none stays as it is, what is no UTF-8 becomes U+FFFD. */
const decodeName = (raw: Uint8Array): { readonly text: string; readonly isExact: boolean } => {
  const spaced = Buffer.from(raw).toString('latin1').replaceAll('+', ' ');
  const isPlain = raw.every((byte) => byte >= 0x20 && byte < 0x80);
  try {
    return { text: decodeURIComponent(spaced), isExact: isPlain };
  } catch {
    return { text: unescape(spaced), isExact: false };
  }
};
