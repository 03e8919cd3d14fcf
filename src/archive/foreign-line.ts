import ipaddr from 'ipaddr.js';
import type { JournalRecord } from '#journal';
import type { Dialect, LineReading, LineRules } from './beacon.ts';
import { formText } from './form-text.ts';
import { parseHeadersText, parseObject } from './headers.ts';
import { parseTimeText } from './layout.ts';

/** Reads the members of a line that Basic RUM wrote: the Go front of either time, or the PHP catcher. */
export const readForeign = (members: ReadonlyMap<string, unknown>, rules: LineRules): LineReading => {
  const wrapped = members.get('beacon_data');
  if (wrapped !== undefined && !members.has('u')) return readWrapped(members, wrapped, rules);
  return readFlat(members, rules);
};

/** `{id, beacon_data, created_at}` of the PHP catcher's list; `beacon_data` is a JSON text, or the object itself. */
const readWrapped = (
  members: ReadonlyMap<string, unknown>,
  wrapped: unknown,
  rules: LineRules,
): LineReading => {
  const data =
    typeof wrapped === 'string' ? parseObject(wrapped) : typeof wrapped === 'object' ? wrapped : null;
  if (data === null) return { kind: 'bad', reason: 'found no JSON object in beacon_data' };
  const inner = new Map<string, unknown>(Object.entries(data));
  if (!inner.has('created_at') && members.has('created_at'))
    inner.set('created_at', members.get('created_at'));
  return readFlat(inner, rules, 'php');
};

const readFlat = (
  members: ReadonlyMap<string, unknown>,
  rules: LineRules,
  known: Dialect | null = null,
): LineReading => {
  const pairs = new Map<string, string>();
  for (const [name, value] of members) {
    const text = firstText(value);
    if (text !== null) pairs.set(name, text);
  }
  if (pairs.size === 0) return { kind: 'bad', reason: 'found no parameters' };
  const content = JSON.stringify([...pairs].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  const receivedAt = receiveTime(pairs.get('created_at'), rules);
  if (receivedAt === null)
    return { kind: 'bad', reason: 'found no created_at of the form 2022-08-27 05:53:00' };
  const { dialect, headers } = requestHeaders(pairs, known);
  const unmarked = pairs.has('rumbrella');
  for (const name of ['created_at', 'request_headers', 'rumbrella']) pairs.delete(name);
  if (dialect === 'php') pairs.delete('user_agent');
  const record: JournalRecord = {
    receivedAt,
    destination: 'unknown',
    trace: traceOf(pairs, rules.traceParameters),
    method: 'POST',
    query: '',
    body: Buffer.from(formText([...pairs])),
    headers: headers.filter(([name]) => !DROPPED.has(name)),
    clientAddress: networkOf(headerOf(headers, 'cf-connecting-ip') || headerOf(headers, 'x-forwarded-for')),
    country: unquoted(headerOf(headers, 'cf-ipcountry')),
    city: unquoted(headerOf(headers, 'cf-ipcity')),
  };
  return { kind: 'foreign', record, dialect, content, unmarked };
};

/** PHP wrote lists and numbers where a client sent `a[]=1`; the first text counts, what is no text is left out. */
const firstText = (value: unknown): string | null => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  return typeof first === 'number' || typeof first === 'boolean' ? String(first) : null;
};

/** Earliest time that is believed: before Boomerang existed there were no beacons. */
const EARLIEST = Date.UTC(2008, 0, 1);

/**
 * The Go front takes `created_at` from the client, so it may be anything: outside of the possible it is not believed, because every
 * month that is made up would become a partition.
 */
const receiveTime = (text: string | undefined, rules: LineRules): number | null => {
  const time = text === undefined ? null : parseTimeText(text);
  return time !== null && time >= EARLIEST && time <= rules.latestTime ? time : rules.fallbackTime;
};

const requestHeaders = (
  pairs: ReadonlyMap<string, string>,
  known: Dialect | null,
): { readonly dialect: Dialect; readonly headers: readonly (readonly [string, string])[] } => {
  const agent = pairs.get('user_agent');
  const text = pairs.get('request_headers');
  if (known === 'php' || (text === undefined && agent !== undefined))
    return { dialect: 'php', headers: agent === undefined ? [] : [['user-agent', agent]] };
  const lists = text === undefined ? null : parseObject(text);
  const headers = text === undefined ? null : parseHeadersText(text);
  // Since March 2023 the Go front writes the parameters once more where the headers belong.
  if (lists === null || headers === null || Object.keys(lists).every((name) => pairs.has(name)))
    return { dialect: 'go', headers: [] };
  return { dialect: 'go_headers', headers };
};

/** Never kept: secrets, and addresses (one of them is kept as a network, for the country). */
const DROPPED: ReadonlySet<string> = new Set([
  'authorization',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-iplatitude',
  'cf-iplongitude',
  'cookie',
  'forwarded',
  'proxy-authorization',
  'set-cookie',
  'true-client-ip',
  'x-client-ip',
  'x-forwarded-for',
  'x-real-ip',
]);

const headerOf = (headers: readonly (readonly [string, string])[], name: string): string =>
  headers.find(([header]) => header === name)?.[1] ?? '';

/** The Go front's reading of Cloudflare's headers: spaces and one pair of quotes removed. */
const unquoted = (value: string): string => value.trim().replace(/^"/, '').replace(/"$/, '').trim();

/** First address of a list, as its /24 or /48; '' when there is none. */
const networkOf = (list: string): string => {
  const [text = ''] = list.split(',', 1);
  const trimmed = text.trim();
  if (!ipaddr.isValid(trimmed)) return '';
  const address = ipaddr.process(trimmed);
  const bytes = address.toByteArray();
  return ipaddr.fromByteArray(bytes.fill(0, address.kind() === 'ipv4' ? 3 : 6)).toString();
};

const traceOf = (pairs: ReadonlyMap<string, string>, names: readonly string[]): string => {
  for (const name of names) {
    const value = pairs.get(name);
    if (value !== undefined && value !== '') return value.slice(0, 128);
  }
  return '';
};
