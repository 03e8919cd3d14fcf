import { formBytes } from './form-bytes.ts';
import { addToHash, createNameTable } from './name-table.ts';
import { applyRule, type NumberRule, readNumber } from './numbers.ts';
import { behind, createParameterMemory, MAX_UNKNOWN, type ParameterMemory } from './parameter-memory.ts';
import { PARAMETER_NAMES, type ParameterName } from './parameter-names.ts';
import { decodePercent, decodePercentBytes, decodePercentText } from './percent.ts';
import { cleanText } from './text.ts';

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const DOT = 0x2e;
const SPACE = 0x20;
const DELETE = 0x7f;

/** More parameters than this are not looked at. */
const MAX_PARAMETERS = 5_000;
/** An escaped character needs so many raw ones at most (four bytes, three each). */
const RAW_PER_CHARACTER = 12;

const TABLE = createNameTable(PARAMETER_NAMES);
const SLOTS: ReadonlyMap<string, number> = new Map(PARAMETER_NAMES.map((name, slot) => [name, slot]));
const IS_DOTTED: readonly boolean[] = PARAMETER_NAMES.map((name) => name.includes('.'));

/**
 * The parameters of one beacon, found but not yet decoded. Of several values the first counts, the body's before the query's,
 * the dotted spelling before the one with underscores.
 */
export class Parameters {
  /** Names of parameters whose value was refused, and whatever else `reject` was told. */
  readonly rejected: string[] = [];
  readonly #form: Buffer;
  // The form once more: cutting texts out of a string is cheap, going over bytes is.
  readonly #text: string;
  readonly #places: Int32Array;
  // Slots whose value came under the spelling with underscores.
  #underscored: readonly number[] = [];
  readonly #unknown: Int32Array;
  #unknownEnd = 0;

  /** `form` is ASCII, see `formBytes`. */
  constructor(form: Buffer, { places, unknown, followers }: ParameterMemory) {
    this.#form = form;
    this.#text = form.toString('latin1');
    this.#places = places.fill(0);
    this.#unknown = unknown;
    this.#scan(followers);
  }

  /** Is the parameter there, even without a value? */
  has(name: ParameterName): boolean {
    return this.#places[slotOf(name) * 2 + 1] !== 0;
  }

  /** The value as it may be stored, see `cleanText`; empty when it is not there. */
  text(name: ParameterName, maxLength: number): string {
    const at = slotOf(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    return end <= start ? '' : this.#textBetween(start, end, maxLength);
  }

  /** The decoded value, unchanged; null when its raw form is longer than `maxRawLength` (and then it is rejected). Empty: not there. */
  whole(name: ParameterName, maxRawLength: number): string | null {
    const at = slotOf(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    if (end <= start) return '';
    if (end - start <= maxRawLength) return this.#decoded(start, end);
    this.reject(name);
    return null;
  }

  /** The same as bytes, written to the beginning of `target`: their number, 0 when there are none or they are too many for `target`. */
  bytes(name: ParameterName, target: Uint8Array): number {
    const at = slotOf(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    if (end <= start) return 0;
    if (end - start <= target.length) return decodePercentBytes(this.#form, start, end, target);
    this.reject(name);
    return 0;
  }

  /** The number, null when it is not there, empty, or not what the rule allows (and then it is rejected). */
  number(name: ParameterName, rule: NumberRule): number | null {
    const at = slotOf(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    if (end <= start) return null;
    const digits = readDigits(this.#form, start, end);
    const value = digits === -1 ? readNumber(this.#decoded(start, end), rule) : applyRule(digits, rule);
    if (value !== 'refused') return value;
    this.reject(name);
    return null;
  }

  /** Counts a field whose value was not believed: a parameter's name, or a column's when it was computed from several. */
  reject(field: string): void {
    if (!this.rejected.includes(field)) this.rejected.push(field);
  }

  /**
   * Calls back with each parameter without a column, in their order, decoded; a value is cut at as many characters as `maxValueOf` its name
   * says, a parameter whose name is longer than `maxName` is left out.
   */
  forEachUnknown(
    maxName: number,
    maxValueOf: (name: string) => number,
    call: (name: string, value: string) => void,
  ): void {
    const places = this.#unknown;
    for (let at = 0; at < this.#unknownEnd; at += 4) {
      const nameStart = places[at] ?? 0;
      const nameEnd = places[at + 1] ?? 0;
      if (nameEnd - nameStart > maxName * RAW_PER_CHARACTER) continue;
      const name = this.#textBetween(nameStart, nameEnd, maxName + 1);
      if (name === '' || name.length > maxName) continue;
      call(name, this.#textBetween(places[at + 2] ?? 0, places[at + 3] ?? 0, maxValueOf(name)));
    }
  }

  #textBetween(start: number, end: number, maxLength: number): string {
    if (end - start <= maxLength && isPlain(this.#form, start, end)) return this.#text.slice(start, end);
    return cleanText(this.#decoded(start, Math.min(end, start + maxLength * RAW_PER_CHARACTER)), maxLength);
  }

  #decoded(start: number, end: number): string {
    return isPlain(this.#form, start, end)
      ? this.#text.slice(start, end)
      : decodePercentText(this.#form, start, end);
  }

  #scan(followers: Int16Array): void {
    const form = this.#form;
    const length = form.length;
    let before = behind(-1, false);
    let last = -1;
    let at = 0;
    for (let count = 0; at < length && count < MAX_PARAMETERS; count++) {
      const guess = followers[before] ?? -1;
      const nameEnd = guess === -1 ? -1 : TABLE.endIfStands(guess, form, at);
      if (nameEnd !== -1) {
        const end = endOfValue(form, nameEnd + 1);
        this.#keep(guess, IS_DOTTED[guess] === true && hasDot(form, at, nameEnd), nameEnd + 1, end);
        last = guess;
        before = behind(guess, false);
        at = end + 1;
        continue;
      }
      const index = endOfName(form, at);
      const start = index < length && form[index] === EQUALS ? index + 1 : index;
      const end = endOfValue(form, start);
      if (index > at) {
        const slot = this.#find(at, index, start, end);
        if (slot === -1) before = behind(last, true);
        else {
          followers[before] = slot;
          last = slot;
          before = behind(slot, false);
        }
      }
      at = end + 1;
    }
  }

  /** Looks a name up and keeps its value; returns its slot, -1 when it has none. */
  #find(at: number, nameEnd: number, start: number, end: number): number {
    const form = this.#form;
    let hash = 0;
    let isEscaped = false;
    for (let index = at; index < nameEnd; index++) {
      const byte = form[index] ?? 0;
      if (byte === PERCENT || byte === PLUS) isEscaped = true;
      hash = addToHash(hash, byte);
    }
    const name = isEscaped ? decodePercent(this.#text.slice(at, nameEnd)) : null;
    const slot = name === null ? TABLE.find(form, at, nameEnd, hash) : TABLE.slotOf(name);
    if (slot === -1) this.#keepUnknown(at, nameEnd, start, end);
    else this.#keep(slot, hasDot(form, at, nameEnd) || (name?.includes('.') ?? false), start, end);
    return slot;
  }

  #keep(slot: number, hasDot: boolean, start: number, end: number): void {
    const isUnderscored = !hasDot && IS_DOTTED[slot] === true;
    if (this.#places[slot * 2 + 1] !== 0) {
      if (isUnderscored || !this.#underscored.includes(slot)) return;
      this.#underscored = this.#underscored.filter((other) => other !== slot);
    }
    if (isUnderscored) this.#underscored = [...this.#underscored, slot];
    this.#places[slot * 2] = start;
    this.#places[slot * 2 + 1] = end;
  }

  #keepUnknown(nameStart: number, nameEnd: number, start: number, end: number): void {
    const places = this.#unknown;
    const at = this.#unknownEnd;
    if (at >= MAX_UNKNOWN * 4) return this.reject('other');
    places[at] = nameStart;
    places[at + 1] = nameEnd;
    places[at + 2] = start;
    places[at + 3] = end;
    this.#unknownEnd = at + 4;
  }
}

const slotOf = (name: ParameterName): number => SLOTS.get(name) ?? 0;

/** The `=` or `&` behind a name, or the end. */
const endOfName = (form: Uint8Array, start: number): number => {
  let index = start;
  for (; index < form.length; index++) {
    const byte = form[index];
    if (byte === EQUALS || byte === AMPERSAND) break;
  }
  return index;
};

const hasDot = (form: Uint8Array, start: number, end: number): boolean => {
  for (let index = start; index < end; index++) if (form[index] === DOT) return true;
  return false;
};

/** Values up to this length are looked through here; for longer ones the way into native code pays. */
const SHORT_VALUE = 64;

const endOfValue = (form: Buffer, start: number): number => {
  const near = Math.min(form.length, start + SHORT_VALUE);
  let end = start;
  while (end < near && form[end] !== AMPERSAND) end++;
  if (end < near || near === form.length) return end;
  const found = form.indexOf(AMPERSAND, end);
  return found === -1 ? form.length : found;
};

/** Are these visible ASCII characters that stand for themselves? Nothing has to be decoded or cleaned then. */
const isPlain = (form: Uint8Array, start: number, end: number): boolean => {
  for (let index = start; index < end; index++) {
    const byte = form[index] ?? 0;
    if (byte <= SPACE || byte >= DELETE || byte === PERCENT || byte === PLUS) return false;
  }
  return true;
};

/** Up to 15 digits and nothing else: the usual number, read in place. -1: look closer. */
const readDigits = (form: Uint8Array, start: number, end: number): number => {
  if (end - start > 15) return -1;
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = (form[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
};

/**
 * Finds the parameters of a beacon in its body and its query, whatever bytes they are. Never throws. With `memory` they are valid until
 * the next ones are found with it.
 */
export const findParameters = (
  query: string,
  body: Uint8Array,
  memory: ParameterMemory = createParameterMemory(),
): Parameters => new Parameters(formBytes(query, body), memory);
