import type { JournalEntry } from '#journal';
import type { Destination } from '#tenants';
import { createFormTranscoder, type FormName, type FormValues } from './fast-form.ts';
import { canonicalName, headersText } from './headers.ts';
import { timeText } from './layout.ts';
import { lineMeta, lineText, looksLikeForm, shownHeaders } from './line.ts';

/** Makes the line of a beacon (as `lineText` does), with its `\n`. The bytes are valid until the next call. */
export type LineEncoder = (entry: JournalEntry, folder: Destination) => Uint8Array;

/**
 * Creates an encoder. Beacons that pairs can give back take the fast way; for the others (damaged escapes, a name twice, text that is no
 * form) the line holds the raw request too and is made the slow way.
 */
export const createLineEncoder = (): LineEncoder => {
  const form = createFormTranscoder();
  const canonical = rememberNames();
  const shapes = createShapes();
  let out = Buffer.allocUnsafe(65_536);
  let second = Number.NaN;
  let created = '';

  const fill = (entry: JournalEntry, folder: Destination): boolean => {
    const { record } = entry;
    const { body, query } = record;
    if (body.length > 0 && (record.method !== 'POST' || !looksLikeForm(firstByte(body)))) return false;
    form.begin();
    if (!form.add(body)) return false;
    const inBody = form.values.count;
    if (!form.add(Buffer.from(query))) return false;
    const inQuery =
      record.method === 'POST'
        ? form.values.names.slice(inBody, form.values.count).map((name) => name.text)
        : [];
    const meta = lineMeta(entry, folder, inQuery.length > 0 ? { in_query: inQuery } : {});
    if (Math.floor(record.receivedAt / 1_000) !== second) {
      second = Math.floor(record.receivedAt / 1_000);
      created = timeText(record.receivedAt);
    }
    return (
      form.addText('created_at', created) &&
      form.addText('request_headers', headersText(shownHeaders(record, meta), canonical)) &&
      form.addText('rumbrella', JSON.stringify(meta))
    );
  };

  const assemble = (values: FormValues): Uint8Array => {
    const order = shapes(values);
    let length = 0;
    for (let field = 0; field < values.count; field += 1)
      length += (values.names[field]?.start.length ?? 0) + 1;
    length += (values.ends[values.count - 1] ?? 0) + 2;
    if (length > out.length) out = Buffer.allocUnsafe(length * 2);
    let at = 0;
    for (const field of order) {
      out[at] = at === 0 ? OPENING : COMMA;
      const start = values.names[field]?.start ?? NOTHING;
      at = copy(start, 0, start.length, out, at + 1);
      at = copy(values.bytes, values.starts[field] ?? 0, values.ends[field] ?? 0, out, at);
    }
    out[at] = CLOSING;
    out[at + 1] = LINE_END;
    return out.subarray(0, at + 2);
  };

  return (entry, folder) => {
    const fast = fill(entry, folder);
    return fast ? assemble(form.values) : Buffer.from(lineText(entry, folder));
  };
};

const OPENING = 0x7b;
const CLOSING = 0x7d;
const COMMA = 0x2c;
const LINE_END = 0x0a;
const NOTHING = new Uint8Array(0);

const firstByte = (body: Uint8Array): string => String.fromCharCode(body[0] ?? 0);

/** Copies a piece and returns the place after it. Short pieces by hand: a call of `set` costs as much as 50 bytes. */
const copy = (from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number => {
  if (end - start > 48) {
    to.set(from.subarray(start, end), at);
    return at + end - start;
  }
  let place = at;
  for (let byte = start; byte < end; byte += 1) to[place++] = from[byte] ?? 0;
  return place;
};

/** The order of the names of a form. Beacons have few different lists of names, so the sorted order of a list is remembered. */
const createShapes = (): ((values: FormValues) => readonly number[]) => {
  let known = new Map<number, { readonly ids: readonly number[]; readonly order: readonly number[] }>();
  return ({ names, count }) => {
    let hash = count;
    for (let field = 0; field < count; field += 1)
      hash = Math.imul(hash ^ (names[field]?.id ?? 0), 0x0100_0193);
    const shape = known.get(hash);
    if (shape !== undefined && sameNames(shape.ids, names, count)) return shape.order;
    const list = names.slice(0, count);
    const order = sortedOrder(list);
    if (known.size >= 512) known = new Map();
    known.set(hash, { ids: list.map(({ id }) => id), order });
    return order;
  };
};

const sameNames = (ids: readonly number[], names: readonly FormName[], count: number): boolean => {
  if (ids.length !== count) return false;
  for (let field = 0; field < count; field += 1) if (ids[field] !== names[field]?.id) return false;
  return true;
};

const sortedOrder = (names: readonly FormName[]): readonly number[] =>
  names
    .map(({ text }, field) => ({ text, field }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ field }) => field);

/** `canonicalName`, remembering what it has met. */
const rememberNames = (): ((name: string) => string) => {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= 256) known.clear();
    const after = canonicalName(name);
    known.set(name, after);
    return after;
  };
};
