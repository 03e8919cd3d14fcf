import type { JournalRecord } from '#journal';
import type { LineReading, LineRules } from './beacon.ts';
import { readForeign } from './foreign-line.ts';
import { formText } from './form-text.ts';
import { parseHeadersText, parseObject } from './headers.ts';
import { isFolderName } from './layout.ts';
import { type LineMeta, RESERVED } from './line.ts';

/** Reads one line of any dialect. Never throws for what a file holds. */
export const readLine = (line: string, rules: LineRules): LineReading => {
  const object = parseObject(line);
  if (object === null) return { kind: 'bad', reason: 'found no JSON object' };
  const members = new Map<string, unknown>(Object.entries(object));
  const text = members.get('rumbrella');
  if (rules.own && text !== undefined) return readOwn(members, text);
  return readForeign(members, rules);
};

const readOwn = (members: ReadonlyMap<string, unknown>, text: unknown): LineReading => {
  const meta = typeof text === 'string' ? parseMeta(text) : null;
  if (meta === null) return { kind: 'bad', reason: 'found a member rumbrella that is not ours' };
  const pairs: [string, string][] = [];
  for (const [name, value] of members) {
    if (typeof value !== 'string') return { kind: 'bad', reason: 'found a member that is no text' };
    if (!RESERVED.has(name)) pairs.push([name, value]);
  }
  const headersMember = members.get('request_headers');
  const headers = typeof headersMember === 'string' ? parseHeadersText(headersMember) : null;
  if (headers === null) return { kind: 'bad', reason: 'found no list of headers in request_headers' };
  const added = new Set(meta.added_headers);
  const record: JournalRecord = {
    receivedAt: meta.received_at,
    destination: meta.destination,
    trace: meta.trace,
    method: meta.method,
    ...rebuildRequest(meta, pairs),
    headers: added.size === 0 ? headers : headers.filter(([name]) => !added.has(name)),
    clientAddress: meta.address ?? '',
    country: meta.country ?? '',
    city: meta.city ?? '',
  };
  const { segment, offset } = meta;
  return { kind: 'own', beacon: { dialect: 'rumbrella', segment, offset, end: offset, record } };
};

const rebuildRequest = (
  meta: LineMeta,
  pairs: readonly (readonly [string, string])[],
): Pick<JournalRecord, 'query' | 'body'> => {
  if (meta.query !== undefined)
    return {
      query: meta.query,
      body:
        meta.body_base64 === undefined
          ? Buffer.from(meta.body ?? '')
          : Buffer.from(meta.body_base64, 'base64'),
    };
  if (meta.method === 'GET') return { query: formText(pairs), body: Buffer.alloc(0) };
  const inQuery = new Set(meta.in_query);
  return {
    query: inQuery.size === 0 ? '' : formText(pairs.filter(([name]) => inQuery.has(name))),
    body: Buffer.from(formText(inQuery.size === 0 ? pairs : pairs.filter(([name]) => !inQuery.has(name)))),
  };
};

type CheckedMeta = LineMeta & { readonly destination: JournalRecord['destination'] };

const parseMeta = (text: string): CheckedMeta | null => {
  const meta = parseObject(text);
  return meta !== null && isMeta(meta) ? meta : null;
};

const isMeta = (meta: object): meta is CheckedMeta => {
  const known = meta as { readonly [K in keyof LineMeta]?: unknown };
  return (
    known.v === 1 &&
    typeof known.segment === 'string' &&
    /^[0-9a-f]{16}$/.test(known.segment) &&
    isCount(known.offset) &&
    isCount(known.received_at) &&
    known.received_at < 8.64e15 &&
    typeof known.destination === 'string' &&
    isFolderName(known.destination) &&
    typeof known.trace === 'string' &&
    (known.method === 'GET' || known.method === 'POST') &&
    [known.address, known.country, known.city, known.query, known.body, known.body_base64].every(
      (value) => value === undefined || typeof value === 'string',
    ) &&
    [known.in_query, known.added_headers].every((value) => value === undefined || isTexts(value))
  );
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
