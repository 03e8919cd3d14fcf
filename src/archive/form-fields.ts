import { addToHash, type FormName, type FormNames, HASH_START } from './form-names.ts';

/** The fields of one form: where each value stands. Valid until the next form is read. */
export interface FormFields {
  count: number;
  readonly names: FormName[];
  readonly starts: number[];
  readonly ends: number[];
}

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
/** Values up to this length are looked through here; for longer ones the way into native code pays. */
const SHORT_VALUE = 32;

/**
 * Adds the fields of a piece of form text. `number` is that of the form. False: it holds something that pairs cannot give back (a piece
 * without `=`, a name twice, a damaged name). Values are not looked at.
 */
export const addFields = (fields: FormFields, form: Buffer, names: FormNames, number: number): boolean => {
  const size = form.length;
  let { count } = fields;
  let last = names.first;
  for (let at = 0; at < size; at += 1) {
    if (form[at] === AMPERSAND) continue;
    const guess = last.next;
    if (guess !== null && stands(guess.raw, form, at)) {
      last = guess;
      at += guess.raw.length;
    } else {
      const nameStart = at;
      let hash = HASH_START;
      let byte = form[at] ?? 0;
      while (at < size && byte !== EQUALS && byte !== AMPERSAND) {
        hash = addToHash(hash, byte);
        at += 1;
        byte = form[at] ?? 0;
      }
      if (byte !== EQUALS || at >= size) return false;
      const found = names.find(form, nameStart, at, hash);
      if (found === null) return false;
      last.next = found;
      last = found;
    }
    const { name } = last;
    if (name.metIn === number) return false;
    name.metIn = number;
    fields.names[count] = name;
    fields.starts[count] = at + 1;
    at = endOfValue(form, at + 1);
    fields.ends[count] = at;
    count += 1;
  }
  fields.count = count;
  return true;
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
