/** A decoded JSURL value. Objects are maps: their keys come from outside. */
export type JsurlValue =
  | string
  | number
  | boolean
  | null
  | readonly JsurlValue[]
  | ReadonlyMap<string, JsurlValue>;

const MAX_DEPTH = 32;
const MAX_VALUES = 20_000;

const TILDE = 0x7e;
const OPEN = 0x28;
const CLOSE = 0x29;
const QUOTE = 0x27;
const STAR = 0x2a;
const BANG = 0x21;

/**
 * Decodes JSURL, the form in which Boomerang's Compression plug-in sends objects: `~(a~1~b~'text)`. Undefined when it is not JSURL
 * or goes deeper than 32 levels or has more than 20,000 values. Never throws.
 */
export const decodeJsurl = (text: string): JsurlValue | undefined => {
  let at = 0;
  let count = 0;

  const readValue = (depth: number): JsurlValue | undefined => {
    if (text.charCodeAt(at) !== TILDE || depth > MAX_DEPTH || ++count > MAX_VALUES) return undefined;
    at++;
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at++;
      return readText();
    }
    if (code !== OPEN) return readWord();
    at++;
    return text.charCodeAt(at) === TILDE ? readList(depth) : readMembers(depth);
  };

  const readList = (depth: number): JsurlValue | undefined => {
    const items: JsurlValue[] = [];
    if (text.charCodeAt(at + 1) === CLOSE) {
      at += 2;
      return items;
    }
    while (text.charCodeAt(at) === TILDE) {
      const item = readValue(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return close(items);
  };

  const readMembers = (depth: number): JsurlValue | undefined => {
    const members = new Map<string, JsurlValue>();
    while (text.charCodeAt(at) !== CLOSE) {
      const key = readText();
      const member = readValue(depth + 1);
      if (member === undefined) return undefined;
      members.set(key, member);
      if (text.charCodeAt(at) !== TILDE) break;
      at++;
    }
    return close(members);
  };

  const close = <T>(value: T): T | undefined => {
    if (text.charCodeAt(at) !== CLOSE) return undefined;
    at++;
    return value;
  };

  const readText = (): string => {
    const start = at;
    let isPlain = true;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === TILDE || code === CLOSE) break;
      if (code === STAR || code === BANG) isPlain = false;
    }
    const raw = text.slice(start, at);
    return isPlain ? raw : decodeEscapes(raw);
  };

  const readWord = (): JsurlValue | undefined => {
    const word = readText();
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    const number = word === '' ? Number.NaN : Number(word);
    return Number.isFinite(number) ? number : undefined;
  };

  const value = readValue(0);
  return at === text.length ? value : undefined;
};

const ESCAPE = /\*\*[0-9a-fA-F]{4}|\*[0-9a-fA-F]{2}|!/g;

const decodeEscapes = (raw: string): string =>
  raw.replace(ESCAPE, (escape) =>
    escape === '!' ? '$' : String.fromCharCode(Number.parseInt(escape.slice(escape[1] === '*' ? 2 : 1), 16)),
  );

/**
 * Decodes an object value as Boomerang sends it: JSURL with the Compression plug-in, JSON without. Undefined when it is neither.
 */
export const decodeObject = (text: string): JsurlValue | undefined => {
  if (text.charCodeAt(0) === TILDE) return decodeJsurl(text);
  try {
    return fromJson(JSON.parse(text), 0);
  } catch {
    return undefined;
  }
};

const fromJson = (value: unknown, depth: number): JsurlValue | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => fromJson(item, depth + 1) ?? null);
  return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item, depth + 1) ?? null]));
};
