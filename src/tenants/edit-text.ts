import { CST, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { AppError } from '#core';
import { quoted } from './quoted.ts';

/** A user to add, as text: what `parseUsersMap` will read back. */
export interface NewUser {
  readonly prefix: string;
  readonly name?: string;
  readonly traces: readonly string[];
  /** `2027-12-25` or an ISO instant; absent: never expires. */
  readonly expire?: string;
  readonly hostnames?: readonly string[];
  readonly onlyHostnames?: boolean;
  readonly retentionDays?: number;
}

/**
 * The text with one more user, after the last one; the rest of the text stays as it is, to the byte. Without a text, the text
 * of a new file. Errors: `TENANTS_MAP_LAYOUT` when the list is not written in lines that begin with `-`.
 */
export const addUserText = (text: string | null, user: NewUser): string => {
  if (text === null || text.trim() === '') return `${NEW_FILE}${entryText(user, 0, '\n')}`;
  const list = openList(text);
  const dashes = dashOffsets(list);
  const users = list.items.flatMap((item, index) => (isUserEntry(item) ? [index] : []));
  const last = list.items[users.at(-1) ?? list.items.length - 1];
  const end = last === undefined ? text.length : lineEnd(text, contentEnd(last as Node));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(0, end);
  const entry = entryText(user, columnOf(text, dashes[0] ?? 0), eol);
  return `${before}${before.endsWith('\n') ? '' : eol}${entry}${text.slice(end)}`;
};

/**
 * The text with another expiry for a user: the value is replaced where it stands, or put after the prefix.
 * Errors: `TENANTS_UNKNOWN_TENANT`, `TENANTS_MAP_LAYOUT`.
 */
export const renewUserText = (text: string, prefix: string, expire: string): string =>
  setUserText(text, prefix, 'expire', expire);

/** The text with another name for a user. Errors: as `renewUserText`. */
export const renameUserText = (text: string, prefix: string, name: string): string =>
  setUserText(text, prefix, 'name', JSON.stringify(name));

/**
 * The text without a user: its lines are cut out, comments before it stay.
 * Errors: `TENANTS_UNKNOWN_TENANT`, `TENANTS_MAP_LAYOUT`.
 */
export const removeUserText = (text: string, prefix: string): string => {
  const list = openList(text);
  const { index } = findUser(list, prefix);
  const dash = dashOffsets(list)[index];
  if (dash === undefined) throw layoutError();
  const start = dash - columnOf(text, dash);
  return splice(text, start, lineEnd(text, contentEnd(list.items[index] as Node)), '');
};

const setUserText = (text: string, prefix: string, member: 'expire' | 'name', written: string): string => {
  const { user } = findUser(openList(text), prefix);
  const value = user.get(member, true);
  if (isScalar(value) && value.range) return splice(text, value.range[0], value.range[1], written);
  const anchor = user.items.find((pair) => isScalar(pair.key) && pair.key.value === 'prefix');
  const [key, at] = [anchor?.key as Node | undefined, anchor?.value as Node | undefined];
  if (!key?.range || !at?.range) throw layoutError();
  if (user.flow === true) return splice(text, at.range[1], at.range[1], `, ${member}: ${written}`);
  const end = lineEnd(text, at.range[1]);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${' '.repeat(columnOf(text, key.range[0]))}${member}: ${written}`;
  const isLastLine = !text.slice(0, end).endsWith('\n');
  return splice(text, end, end, isLastLine ? `${eol}${line}` : `${line}${eol}`);
};

const NEW_FILE = '--- # The organizations of this Rumbrella. It may be edited while Rumbrella runs.\n';

const entryText = (user: NewUser, column: number, eol: string): string => {
  const lines: (readonly [string, string])[] = [['prefix', plainOrQuoted(user.prefix)]];
  if (user.name !== undefined) lines.push(['name', JSON.stringify(user.name)]);
  if (user.traces.length === 1) lines.push(['brum_trace', JSON.stringify(user.traces[0])]);
  if (user.traces.length > 1) lines.push(['brum_trace', JSON.stringify(user.traces)]);
  if (user.expire !== undefined) lines.push(['expire', user.expire]);
  if (user.hostnames !== undefined && user.hostnames.length > 0)
    lines.push(['hostnames', JSON.stringify(user.hostnames)]);
  if (user.onlyHostnames === true) lines.push(['only_hostnames', 'true']);
  if (user.retentionDays !== undefined) lines.push(['retention_days', String(user.retentionDays)]);
  const indent = ' '.repeat(column);
  return [`${indent}- user:`, ...lines.map(([key, value]) => `${indent}    ${key}: ${value}`), ''].join(eol);
};

/** A prefix such as `no` or `y` is a text only in quotes. */
const plainOrQuoted = (text: string): string =>
  /^[a-z][a-z0-9_]{4,}$/.test(text) ? text : JSON.stringify(text);

const openList = (text: string): YAMLSeq => {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, keepSourceTokens: true });
  const list = document.contents;
  if (document.errors.length > 0 || !isSeq(list) || list.flow === true) throw layoutError();
  return list;
};

const findUser = (list: YAMLSeq, prefix: string): { readonly user: YAMLMap; readonly index: number } => {
  for (const [index, item] of list.items.entries()) {
    const user = isMap(item) ? item.get('user') : undefined;
    if (isMap(user) && user.get('prefix') === prefix) return { user, index };
  }
  throw new AppError(
    'TENANTS_UNKNOWN_TENANT',
    `found no user with the prefix ${quoted(prefix)} in the users map`,
    {
      hint: '`rumbrella tenants list` shows who is there',
      status: 404,
    },
  );
};

const isUserEntry = (item: unknown): boolean => isMap(item) && item.has('user');

/** Offsets of the `-` of each item. */
const dashOffsets = (list: YAMLSeq): readonly (number | undefined)[] => {
  const token = list.srcToken;
  if (token === undefined || !CST.isCollection(token)) return [];
  return token.items.map((item) => item.start.find((part) => part.type === 'seq-item-ind')?.offset);
};

/** Where the last character of a value ends, comments and empty lines behind it not counted. */
const contentEnd = (node: Node): number => {
  const end = node.range?.[1] ?? 0;
  if (isScalar(node) || ((isMap(node) || isSeq(node)) && node.flow === true)) return end;
  if (isSeq(node)) {
    const item = node.items.at(-1) as Node | undefined;
    return item === undefined ? end : contentEnd(item);
  }
  if (!isMap(node)) return end;
  const pair = node.items.at(-1);
  const inner = (pair?.value ?? pair?.key) as Node | undefined;
  return inner === undefined ? end : contentEnd(inner);
};

/** Offset behind the line break of the line that `offset` is in. Block texts (`|`) end behind theirs already. */
const lineEnd = (text: string, offset: number): number => {
  if (text[offset - 1] === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
};

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

const splice = (text: string, start: number, end: number, insertion: string): string =>
  text.slice(0, start) + insertion + text.slice(end);

const layoutError = (): AppError =>
  new AppError(
    'TENANTS_MAP_LAYOUT',
    'the users map is not written as a list of lines that begin with "- user:"',
    {
      hint: 'edit the file by hand, `rumbrella tenants check` looks at the result',
    },
  );
