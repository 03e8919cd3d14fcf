import { addToHash, createFormNames, type FormName, HASH_START } from './form-names.ts';

/** The fields of a form: names, and where their values stand, as they are spelled there. */
export interface Form<Meaning = unknown> {
  /** The form's text. */
  readonly bytes: Buffer;
  /** Fields, also those without a name; at most `MAX_FIELDS`. */
  readonly count: number;
  /** Name of each field. */
  readonly names: readonly FormName<Meaning>[];
  /** Start and end of each field's value in `bytes`, two entries each. */
  readonly places: Int32Array;
  /** Pairs of texts give the form back: every piece has a `=`, no name comes twice or is damaged. Values are not looked at. */
  readonly isExact: boolean;
}

/** Room for a form, used again and again. */
export interface FormRoom<Meaning = unknown> {
  bytes: Buffer;
  count: number;
  readonly names: FormName<Meaning>[];
  places: Int32Array;
  isExact: boolean;
}

/** Reads forms. */
export interface FormReader<Meaning> {
  /**
   * Finds the fields of a form and puts them into `room`, which is the answer and valid until it is used again. A name with bytes other than ASCII
   * is not exact, and its text no text: whoever wants it escapes them before.
   */
  read(bytes: Buffer, room: FormRoom<Meaning>): Form<Meaning>;
}

/** Fields behind these are not looked at; the form is not exact then. */
const MAX_FIELDS = 5_000;
/** Room for the fields of a large beacon; it grows. */
const FIRST_FIELDS = 160;
/** A room with more is made anew: it would be kept for ever. */
const KEPT_FIELDS = 640;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
/** Values up to this length are looked through here; for longer ones the way into native code pays. */
const SHORT_VALUE = 64;

/** Room for one form. */
export const createFormRoom = <Meaning>(): FormRoom<Meaning> => ({
  bytes: Buffer.alloc(0),
  count: 0,
  names: [],
  places: new Int32Array(FIRST_FIELDS * 2),
  isExact: true,
});

/** Creates a reader. `meaningOf` is asked once for each name that is met. */
export const createFormReader = <Meaning>(meaningOf: (text: string) => Meaning): FormReader<Meaning> => {
  const names = createFormNames(meaningOf);
  let number = 0;

  return {
    read: (bytes, room) => {
      names.forgetIfMany();
      number += 1;
      const size = bytes.length;
      if (room.places.length > KEPT_FIELDS * 2) {
        room.places = new Int32Array(FIRST_FIELDS * 2);
        room.names.length = 0;
      }
      let { places } = room;
      let count = 0;
      let isExact = true;
      let last = names.first;
      for (let at = 0; at < size; at += 1) {
        if (bytes[at] === AMPERSAND) continue;
        if (count === MAX_FIELDS) {
          isExact = false;
          break;
        }
        const guess = last.next;
        if (guess !== null && stands(guess.raw, bytes, at)) {
          last = guess;
          at += guess.raw.length;
        } else {
          const nameStart = at;
          let hash = HASH_START;
          let byte = bytes[at] ?? 0;
          while (at < size && byte !== EQUALS && byte !== AMPERSAND) {
            hash = addToHash(hash, byte);
            at += 1;
            byte = bytes[at] ?? 0;
          }
          const found = names.find(bytes, nameStart, at, hash);
          last.next = found;
          last = found;
        }
        const { name } = last;
        if (!last.isExact || name.metIn === number) isExact = false;
        name.metIn = number;
        room.names[count] = name;
        if (count * 2 === places.length) {
          places = enlarged(places);
          room.places = places;
        }
        // A piece without a sign is a name with an empty value.
        if (bytes[at] === EQUALS) at += 1;
        else isExact = false;
        places[count * 2] = at;
        at = endOfValue(bytes, at);
        places[count * 2 + 1] = at;
        count += 1;
      }
      room.bytes = bytes;
      room.count = count;
      room.isExact = isExact;
      return room;
    },
  };
};

const enlarged = (places: Int32Array): Int32Array => {
  const larger = new Int32Array(places.length * 2);
  larger.set(places);
  return larger;
};

/** Does this name, and its `=`, stand there? */
const stands = (raw: Uint8Array, form: Uint8Array, at: number): boolean => {
  for (let index = 0; index < raw.length; index += 1) if (form[at + index] !== raw[index]) return false;
  return form[at + raw.length] === EQUALS;
};

const endOfValue = (form: Buffer, start: number): number => {
  const near = Math.min(form.length, start + SHORT_VALUE);
  let end = start;
  while (end < near && form[end] !== AMPERSAND) end += 1;
  if (end < near || near === form.length) return end;
  const found = form.indexOf(AMPERSAND, end);
  return found === -1 ? form.length : found;
};
