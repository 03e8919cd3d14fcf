import { isAscii, isUtf8 } from 'node:buffer';
import { readForm } from '#core';
import type { JournalEntry, JournalRecord } from '#journal';
import type { Destination } from '#tenants';
import { headersText } from './headers.ts';
import { timeText } from './layout.ts';

/** Members of a line that are ours, whatever a client calls its parameters. */
export const RESERVED: ReadonlySet<string> = new Set(['created_at', 'request_headers', 'rumbrella']);

/**
 * The member `rumbrella` of a line, a JSON text: what a backup in Basic RUM's form has no place for. With it the record is
 * rebuilt exactly, up to the order of parameters and the spelling of their escapes.
 */
export interface LineMeta {
  readonly v: 1;
  /** Identity in the journal. */
  readonly segment: string;
  readonly offset: number;
  /** Epoch ms. */
  readonly received_at: number;
  readonly destination: string;
  readonly trace: string;
  readonly method: 'GET' | 'POST';
  readonly address?: string;
  readonly country?: string;
  readonly city?: string;
  /** Names of parameters that came in the query, when others came in the body. */
  readonly in_query?: readonly string[];
  /** Query and body as they were, when the parameters alone cannot rebuild them. */
  readonly query?: string;
  readonly body?: string;
  readonly body_base64?: string;
  /** Headers that are in the line for Basic RUM's import only (country and city as a proxy named them). */
  readonly added_headers?: readonly string[];
}

/**
 * The line of a beacon, with its `\n`: a JSON object, all values strings, names sorted. The slow and plain way; `createLineEncoder`
 * gives the same bytes faster.
 */
export const lineText = (entry: JournalEntry, folder: Destination): string => {
  const { pairs, meta } = takeApart(entry, folder);
  pairs.set('created_at', timeText(entry.record.receivedAt));
  pairs.set('request_headers', headersText(shownHeaders(entry.record, meta)));
  pairs.set('rumbrella', JSON.stringify(meta));
  const members = [...pairs.keys()]
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(pairs.get(name))}`);
  return `{${members.join(',')}}\n`;
};

/** The parameters of a record in one map (first value, body before query), and what they do not say. */
const takeApart = (
  entry: JournalEntry,
  folder: Destination,
): { readonly pairs: Map<string, string>; readonly meta: LineMeta } => {
  const { record } = entry;
  const pairs = new Map<string, string>();
  const ascii = isAscii(record.body);
  const body = bytesText(record.body, ascii);
  const exactBody = readForm(body, pairs).exact && ascii && looksLikeForm(body);
  const bodyCount = pairs.size;
  const exactQuery = readForm(record.query, pairs).exact;
  let exact = exactBody && exactQuery && (record.method === 'POST' || record.body.length === 0);
  for (const name of RESERVED) if (pairs.has(name)) exact = false;
  const inQuery = exact && record.method === 'POST' ? [...pairs.keys()].slice(bodyCount) : [];
  const text = ascii || isUtf8(record.body);
  const meta = lineMeta(entry, folder, {
    ...(inQuery.length > 0 && { in_query: inQuery }),
    ...(!exact && { query: record.query }),
    ...(!exact &&
      record.body.length > 0 &&
      (text ? { body } : { body_base64: Buffer.from(record.body).toString('base64') })),
  });
  return { pairs, meta };
};

/** The member for an entry; `more` is what the parameters do not say. */
export const lineMeta = (
  entry: JournalEntry,
  folder: Destination,
  more: Pick<LineMeta, 'in_query' | 'query' | 'body' | 'body_base64'>,
): LineMeta => {
  const { record } = entry;
  const isCountryAdded = record.country !== '' && !hasHeader(record, 'cf-ipcountry');
  const isCityAdded = record.city !== '' && !hasHeader(record, 'cf-ipcity');
  // Member by member: spreading what may be missing costs three times as much, and this is done for every beacon.
  const meta: { -readonly [Member in keyof LineMeta]: LineMeta[Member] } = {
    v: 1,
    segment: entry.segment,
    offset: entry.offset,
    received_at: record.receivedAt,
    destination: folder,
    trace: record.trace,
    method: record.method,
  };
  if (record.clientAddress !== '') meta.address = record.clientAddress;
  if (record.country !== '') meta.country = record.country;
  if (record.city !== '') meta.city = record.city;
  if (more.in_query !== undefined) meta.in_query = more.in_query;
  if (more.query !== undefined) meta.query = more.query;
  if (more.body !== undefined) meta.body = more.body;
  if (more.body_base64 !== undefined) meta.body_base64 = more.body_base64;
  if (isCountryAdded || isCityAdded)
    meta.added_headers = [...(isCountryAdded ? ['cf-ipcountry'] : []), ...(isCityAdded ? ['cf-ipcity'] : [])];
  return meta;
};

const bytesText = (bytes: Uint8Array, ascii: boolean): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ascii ? buffer.toString('latin1') : buffer.toString('utf8');
};

/** Pairs can rebuild a form, but not JSON or multipart text that happens to hold `=`. */
export const looksLikeForm = (body: string): boolean => /^(?:[\w.%&]|$)/.test(body) && !body.includes('\n');

const hasHeader = (record: JournalRecord, name: string): boolean =>
  record.headers.some(([header]) => header === name);

/** The headers that the line shows: those of the record, and country and city for Basic RUM's import. */
export const shownHeaders = (
  record: JournalRecord,
  { added_headers: added = [] }: LineMeta,
): readonly (readonly [string, string])[] =>
  added.length === 0
    ? record.headers
    : [
        ...record.headers,
        ...added.map((name) => [name, name === 'cf-ipcountry' ? record.country : record.city] as const),
      ];
