import { isAscii } from 'node:buffer';
import { formOfJson } from './json-body.ts';
import { addToHash, createNameTable } from './name-table.ts';
import { applyRule, type NumberRule, readNumber } from './numbers.ts';
import { PARAMETER_NAMES, type ParameterName } from './parameter-names.ts';
import { decodeHead, decodePercent } from './percent.ts';
import { cleanText } from './text.ts';

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const DOT = 0x2e;
const OPENING_BRACE = 0x7b;

/** More parameters than this are not looked at. */
const MAX_PARAMETERS = 5_000;
/** Parameters without a column that are handed on. */
const MAX_UNKNOWN = 256;
/** An escaped character needs so many raw ones at most (four bytes, three each). */
const RAW_PER_CHARACTER = 12;

const TABLE = createNameTable(PARAMETER_NAMES);
const SLOTS: ReadonlyMap<string, number> = new Map(PARAMETER_NAMES.map((name, slot) => [name, slot]));

/**
 * The parameters of one beacon, found but not yet decoded. Of several values the first counts, the body's before the query's,
 * the dotted spelling before the one with underscores.
 */
export class Parameters {
  /** Names of parameters whose value was refused, and whatever else `reject` was told. */
  readonly rejected: string[] = [];
  readonly #text: string;
  // Per slot: start and end of the raw value in the text; an end of 0 is "not there".
  readonly #places = new Int32Array(PARAMETER_NAMES.length * 2);
  readonly #underscored = new Uint8Array(PARAMETER_NAMES.length);
  // Start of name, end of name, start of value, end of value.
  readonly #unknown: number[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#scan();
  }

  /** Is the parameter there, even without a value? */
  has(name: ParameterName): boolean {
    return this.#places[this.#slot(name) * 2 + 1] !== 0;
  }

  /** The value as it may be stored, see `cleanText`; empty when it is not there. */
  text(name: ParameterName, maxLength: number): string {
    const raw = this.#raw(name, maxLength * RAW_PER_CHARACTER);
    return raw === '' ? '' : cleanText(decodePercent(raw), maxLength);
  }

  /** The decoded value, unchanged; null when its raw form is longer than `maxRawLength` (and then it is rejected). Empty: not there. */
  whole(name: ParameterName, maxRawLength: number): string | null {
    const at = this.#slot(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    if (end <= start) return '';
    if (end - start > maxRawLength) {
      this.reject(name);
      return null;
    }
    return decodePercent(this.#text.slice(start, end));
  }

  /** The number, null when it is not there, empty, or not what the rule allows (and then it is rejected). */
  number(name: ParameterName, rule: NumberRule): number | null {
    const at = this.#slot(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    if (end <= start) return null;
    const digits = readDigits(this.#text, start, end);
    const value =
      digits === -1 ? readNumber(decodePercent(this.#text.slice(start, end)), rule) : applyRule(digits, rule);
    if (value !== 'refused') return value;
    this.reject(name);
    return null;
  }

  /** Counts a field whose value was not believed: a parameter's name, or a column's when it was computed from several. */
  reject(field: string): void {
    if (!this.rejected.includes(field)) this.rejected.push(field);
  }

  /** The parameters without a column, in their order, decoded; names at most `maxName` characters (longer ones are left out). */
  *unknown(maxName: number, maxValue: number): Generator<readonly [name: string, value: string]> {
    const places = this.#unknown;
    for (let at = 0; at + 3 < places.length; at += 4) {
      const [nameStart = 0, nameEnd = 0, start = 0, end = 0] = places.slice(at, at + 4);
      if (nameEnd - nameStart > maxName * RAW_PER_CHARACTER) continue;
      const name = cleanText(decodePercent(this.#text.slice(nameStart, nameEnd)), maxName + 1);
      if (name === '' || name.length > maxName) continue;
      const raw = this.#text.slice(start, Math.min(end, start + maxValue * RAW_PER_CHARACTER));
      yield [name, cleanText(decodePercent(raw), maxValue)];
    }
  }

  #slot(name: ParameterName): number {
    return SLOTS.get(name) ?? 0;
  }

  #raw(name: ParameterName, maxRawLength: number): string {
    const at = this.#slot(name) * 2;
    const start = this.#places[at] ?? 0;
    const end = this.#places[at + 1] ?? 0;
    return end <= start ? '' : this.#text.slice(start, Math.min(end, start + maxRawLength));
  }

  #scan(): void {
    const text = this.#text;
    const length = text.length;
    let at = 0;
    for (let count = 0; at < length && count < MAX_PARAMETERS; count++) {
      let hash = 0;
      let isEscaped = false;
      let hasDot = false;
      let index = at;
      let code = 0;
      for (; index < length; index++) {
        code = text.charCodeAt(index);
        if (code === EQUALS || code === AMPERSAND) break;
        if (code === PERCENT || code === PLUS) isEscaped = true;
        if (code === DOT) hasDot = true;
        hash = addToHash(hash, code);
      }
      const start = code === EQUALS && index < length ? index + 1 : index;
      const next = start > index ? text.indexOf('&', start) : index;
      const end = next === -1 ? length : next;
      if (index > at) this.#keep(at, index, start, end, hash, isEscaped, hasDot);
      at = end + 1;
    }
  }

  #keep(
    nameStart: number,
    nameEnd: number,
    start: number,
    end: number,
    hash: number,
    isEscaped: boolean,
    hasDot: boolean,
  ): void {
    const name = isEscaped ? decodePercent(this.#text.slice(nameStart, nameEnd)) : null;
    const slot = name === null ? TABLE.find(this.#text, nameStart, nameEnd, hash) : TABLE.slotOf(name);
    if (slot === -1) {
      if (this.#unknown.length < MAX_UNKNOWN * 4) this.#unknown.push(nameStart, nameEnd, start, end);
      else this.reject('other');
      return;
    }
    const isDotted = hasDot || (name?.includes('.') ?? false) || !(PARAMETER_NAMES[slot] ?? '').includes('.');
    if (this.#places[slot * 2 + 1] !== 0 && !(isDotted && this.#underscored[slot] === 1)) return;
    this.#underscored[slot] = isDotted ? 0 : 1;
    this.#places[slot * 2] = start;
    this.#places[slot * 2 + 1] = end;
  }
}

/** Up to 15 digits and nothing else: the usual number, read in place. -1: look closer. */
const readDigits = (text: string, start: number, end: number): number => {
  if (end - start > 15) return -1;
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
};

/**
 * Finds the parameters of a beacon in its body and its query, whatever bytes they are. A body that is a JSON object (or the
 * parameter `data` with one), as some senders write it, counts like a form.
 */
export const findParameters = (query: string, body: Uint8Array): Parameters => {
  const form = bodyText(body);
  const head = query === '' ? '' : decodeHead(query);
  if (form === '') return new Parameters(head);
  return new Parameters(head === '' ? form : `${form}&${head}`);
};

const bodyText = (body: Uint8Array): string => {
  if (body.length === 0) return '';
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  const first = text.charCodeAt(0);
  if (first === OPENING_BRACE || text.startsWith('data=%7B') || text.startsWith('data={'))
    return formOfJson(text);
  return text;
};
