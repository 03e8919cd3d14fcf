/** Longer bodies are not parsed at the door: a page's `sendBeacon` takes as many bytes. */
const MAX_JSON_BYTES = 65_536;

const OPENING_BRACE = 0x7b;
const DATA = Buffer.from('data=');
const AMPERSAND = 0x26;

/**
 * The members with these names of a body that is a JSON object, or a form whose first parameter is `data` with one: what the loader takes for
 * parameters. Null when the body is neither, is longer than 64 KiB, or names none of them plainly. `decode` undoes the escapes of a form's value.
 */
export const traceMembers = (
  body: Buffer,
  names: readonly Buffer[],
  decode: (body: Buffer, start: number, end: number) => string,
): ReadonlyMap<string, string> | null => {
  const isObject = body[0] === OPENING_BRACE;
  if (!isObject && (body[0] !== DATA[0] || !startsWith(body, DATA))) return null;
  if (body.length > MAX_JSON_BYTES || !names.some((name) => body.includes(name))) return null;
  const value = parse(isObject ? body.toString('utf8') : decode(body, DATA.length, endOfFirst(body)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members = new Map<string, unknown>(Object.entries(value));
  return new Map(
    names.map((name) => {
      const member = members.get(name.toString()) ?? '';
      return [name.toString(), typeof member === 'string' ? member.toWellFormed() : JSON.stringify(member)];
    }),
  );
};

const startsWith = (body: Buffer, beginning: Buffer): boolean =>
  body.length >= beginning.length && body.compare(beginning, 0, beginning.length, 0, beginning.length) === 0;

const endOfFirst = (body: Buffer): number => {
  const end = body.indexOf(AMPERSAND);
  return end === -1 ? body.length : end;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
