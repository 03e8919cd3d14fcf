import { EXPIRE_SHAPE, parseExpire } from './expire.ts';
import { type MapReader, memberPath, type Value } from './map-reader.ts';
import { quoted } from './quoted.ts';
import { PREFIX_SHAPE, prefixProblem, toTenantId } from './names.ts';
import type { Tenant, TenantId } from './tenant.ts';

/** Keys of a `user` entry. */
const USER_KEYS = [
  'prefix',
  'brum_trace',
  'expire',
  'name',
  'hostnames',
  'only_hostnames',
  'retention_days',
  'beacons_per_second',
];

const TRACE_SHAPE = 'a text of 1 to 128 visible ASCII characters, in quotes where YAML needs them';
const NAME_SHAPE = 'a name of 1 to 200 characters';
const HOST_SHAPE = 'a host name such as www.fashion.bg, without scheme, port or path';
const DAYS = { shape: 'a whole number of days from 1 to 36500', most: 36_500 };
const RATE = { shape: 'a whole number of beacons a second from 1 to 1000000', most: 1_000_000 };
const MAX_HOSTNAMES = 1_000;
const MAX_TRACES = 1_000;

/** Reads a `user` entry; null when anything in it is wrong (the reader has noted what). */
export const readUser = (reader: MapReader, node: Value, path: string): Tenant | null => {
  const before = reader.problems.length;
  const members = reader.members(node, path, USER_KEYS);
  if (members === null) return null;
  const at = (key: string): string => memberPath(path, key);

  if (!members.has('prefix')) reader.refuse(node, path, 'no prefix', `a prefix: ${PREFIX_SHAPE}`);
  const id = members.has('prefix') ? readTenantId(reader, members.get('prefix'), at('prefix')) : null;
  const name = members.has('name') ? readName(reader, members.get('name'), at('name')) : null;
  const traces = members.has('brum_trace')
    ? oneOrMore(reader, members.get('brum_trace'), at('brum_trace'), TRACE_SHAPE, MAX_TRACES, readTrace)
    : [];
  const hostnames = members.has('hostnames')
    ? oneOrMore(reader, members.get('hostnames'), at('hostnames'), HOST_SHAPE, MAX_HOSTNAMES, readHostname)
    : [];
  const onlyHostnames = members.has('only_hostnames')
    ? reader.flag(members.get('only_hostnames'), at('only_hostnames'))
    : false;
  if (onlyHostnames === true && !members.has('hostnames'))
    reader.refuse(node, at('only_hostnames'), 'true without hostnames', 'hostnames that are accepted');
  const retentionDays = members.has('retention_days')
    ? readCount(reader, members.get('retention_days'), at('retention_days'), DAYS)
    : null;
  const beaconsPerSecond = members.has('beacons_per_second')
    ? readCount(reader, members.get('beacons_per_second'), at('beacons_per_second'), RATE)
    : null;
  const expiresAt = members.has('expire') ? readExpire(reader, members.get('expire'), at('expire')) : null;

  if (reader.problems.length > before || id === null) return null;
  return Object.freeze({
    id,
    name: name ?? id,
    traces: Object.freeze(traces),
    expiresAt,
    hostnames: Object.freeze(hostnames),
    onlyHostnames: onlyHostnames === true,
    retentionDays,
    beaconsPerSecond,
  });
};

/** Reads a prefix where one stands in the file. */
export const readTenantId = (reader: MapReader, node: Value, path: string): TenantId | null => {
  const text = reader.text(node, path, PREFIX_SHAPE);
  if (text === null) return null;
  return toTenantId(text) ?? reader.refuse(node, path, quoted(text), prefixProblem(text) ?? PREFIX_SHAPE);
};

/** Reads an expiry: epoch ms of the first instant that is expired. */
export const readExpire = (reader: MapReader, node: Value, path: string): number | null => {
  const text = reader.scalar(node, path, EXPIRE_SHAPE);
  if (text === null) return null;
  return parseExpire(text) ?? reader.refuse(node, path, quoted(text), EXPIRE_SHAPE);
};

/** Reads `value` or `[value, value]`, each value once; problems are noted, good values returned. */
export const oneOrMore = <T extends string>(
  reader: MapReader,
  node: Value,
  path: string,
  shape: string,
  most: number,
  read: (reader: MapReader, node: Value, path: string) => T | null,
): T[] => {
  const items = reader.isList(node) ? reader.items(node, path, shape) : [node];
  if (items === null) return [];
  if (items.length === 0 || items.length > most) {
    reader.refuse(node, path, `a list of ${items.length}`, `1 to ${most} of: ${shape}`);
    return [];
  }
  const values = new Set<T>();
  for (const [index, item] of items.entries()) {
    const place = reader.isList(node) ? `${path}[${index}]` : path;
    const value = read(reader, item, place);
    if (value === null) continue;
    if (values.has(value)) reader.refuse(item, place, `${quoted(value)} twice`, 'each value once');
    values.add(value);
  }
  return [...values];
};

const readTrace = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, TRACE_SHAPE);
  if (text === null) return null;
  return /^[!-~]{1,128}$/.test(text) ? text : reader.refuse(node, path, quoted(text), TRACE_SHAPE);
};

const readName = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, NAME_SHAPE);
  if (text === null) return null;
  const fits = text.length <= 200 && text.trim() !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
  return fits ? text : reader.refuse(node, path, quoted(text), NAME_SHAPE);
};

const readHostname = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, HOST_SHAPE);
  if (text === null) return null;
  return toHostname(text) ?? reader.refuse(node, path, quoted(text), HOST_SHAPE);
};

/**
 * A host name as it stands in the address of a page: lower case, international names in their ASCII form.
 * @returns null when the text is no host name
 */
export const toHostname = (text: string): string | null => {
  if (text.length > 253 || /[\s/:?#@\\%[\]*]/.test(text)) return null;
  const url = URL.parse(`http://${text}/`);
  if (url === null || url.hostname === '') return null;
  // A name that is ASCII already must come back as it is: otherwise it was an address in disguise (0x7f.1).
  const isAscii = /^[!-~]*$/.test(text);
  return isAscii && url.hostname !== text.toLowerCase() ? null : url.hostname;
};

/** Reads a whole number from 1 on, written in digits. */
const readCount = (
  reader: MapReader,
  node: Value,
  path: string,
  { shape, most }: { readonly shape: string; readonly most: number },
): number | null => {
  const text = reader.scalar(node, path, shape);
  if (text === null) return null;
  const count = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= most ? count : reader.refuse(node, path, quoted(text), shape);
};
