import type { Form } from '#form';
import type { Meaning } from './meaning.ts';
import { applyRule, type NumberRule, readNumber } from './numbers.ts';
import { createParameterMemory, MAX_UNKNOWN, type ParameterMemory } from './parameter-memory.ts';
import { PARAMETER_NAMES, type ParameterName } from './parameter-names.ts';
import { decodePercentBytes, decodePercentText, RAW_PER_CHARACTER } from './percent.ts';
import { cleanText } from './text.ts';

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
const DELETE = 0x7f;

const SLOTS: ReadonlyMap<string, number> = new Map(PARAMETER_NAMES.map((name, slot) => [name, slot]));

/**
 * The parameters of one beacon, found but not yet decoded. Of several values the first counts, the body's before the query's,
 * the dotted spelling before the one with underscores.
 */
export class Parameters {
  /** Names of parameters whose value was refused, and whatever else `reject` was told. */
  readonly rejected: string[] = [];
  readonly #fields: Form<Meaning>;
  readonly #form: Buffer;
  // The form once more: cutting texts out of a string is cheap, going over bytes is.
  readonly #text: string;
  readonly #places: Int32Array;
  // Slots whose value came under the spelling with underscores.
  #underscored: readonly number[] = [];
  readonly #unknown: Uint16Array;
  #unknownCount = 0;

  /** The form's text is ASCII. */
  constructor(fields: Form<Meaning>, { places, unknown }: ParameterMemory) {
    this.#fields = fields;
    this.#form = fields.bytes;
    this.#text = fields.bytes.toString('latin1');
    this.#places = places.fill(0);
    this.#unknown = unknown;
    const { count, names } = fields;
    for (let field = 0; field < count; field++) {
      const meaning = names[field]?.meaning;
      if (meaning === undefined) continue;
      if (meaning.slot !== -1) this.#keep(meaning, field);
      else this.#keepUnknown(field);
    }
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
   * says.
   */
  forEachUnknown(maxValueOf: (name: string) => number, call: (name: string, value: string) => void): void {
    const { names, places } = this.#fields;
    for (let index = 0; index < this.#unknownCount; index++) {
      const field = this.#unknown[index] ?? 0;
      const name = names[field]?.meaning.key ?? '';
      if (name === '') continue;
      call(name, this.#textBetween(places[field * 2] ?? 0, places[field * 2 + 1] ?? 0, maxValueOf(name)));
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

  #keep({ slot, isUnderscored }: Meaning, field: number): void {
    const places = this.#places;
    if (places[slot * 2 + 1] !== 0) {
      if (isUnderscored || !this.#underscored.includes(slot)) return;
      this.#underscored = this.#underscored.filter((other) => other !== slot);
    }
    if (isUnderscored) this.#underscored = [...this.#underscored, slot];
    places[slot * 2] = this.#fields.places[field * 2] ?? 0;
    places[slot * 2 + 1] = this.#fields.places[field * 2 + 1] ?? 0;
  }

  #keepUnknown(field: number): void {
    if (this.#fields.names[field]?.text === '') return;
    if (this.#unknownCount >= MAX_UNKNOWN) return this.reject('other');
    this.#unknown[this.#unknownCount++] = field;
  }
}

const slotOf = (name: ParameterName): number => SLOTS.get(name) ?? 0;

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

/** The parameters in a form in ASCII. With `memory` they are valid until the next ones are found with it. */
export const findParameters = (
  form: Form<Meaning>,
  memory: ParameterMemory = createParameterMemory(),
): Parameters => new Parameters(form, memory);
