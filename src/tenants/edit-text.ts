import { isMap, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { AppError } from '#core';
import { quoted } from './quoted.ts';
import {
  columnOf,
  contentEnd,
  dashOffsets,
  dropMember,
  layoutError,
  lineBreakOf,
  lineEnd,
  openList,
  setMember,
  type Splice,
  splice,
} from './yaml-places.ts';

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
  readonly beaconsPerSecond?: number;
}

/** What is to be changed of a user; a member that is absent stays as it is, null takes it away. */
export interface UserChange {
  readonly name?: string;
  readonly traces?: readonly string[];
  /** `2027-12-25` or an ISO instant; null: never. */
  readonly expire?: string | null;
  readonly hostnames?: readonly string[] | null;
  readonly onlyHostnames?: boolean;
  /** null: for ever. */
  readonly retentionDays?: number | null;
  /** null: as the configuration says for each. */
  readonly beaconsPerSecond?: number | null;
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
  const eol = lineBreakOf(text);
  const before = text.slice(0, end);
  const entry = entryText(user, columnOf(text, dashes[0] ?? 0), eol);
  return `${before}${before.endsWith('\n') ? '' : eol}${entry}${text.slice(end)}`;
};

/**
 * The text with another expiry for a user: the value is replaced where it stands, or put after the prefix.
 * Errors: `TENANTS_UNKNOWN_TENANT`, `TENANTS_MAP_LAYOUT`.
 */
export const renewUserText = (text: string, prefix: string, expire: string): string =>
  changeUserText(text, prefix, { expire });

/** The text with another name for a user. Errors: as `renewUserText`. */
export const renameUserText = (text: string, prefix: string, name: string): string =>
  changeUserText(text, prefix, { name });

/**
 * The text with another description of a user: values are replaced where they stand, put after the prefix, or their lines are cut out.
 * Errors: as `renewUserText`.
 */
export const changeUserText = (text: string, prefix: string, change: UserChange): string => {
  const lists = (values: readonly string[] | null): string | null =>
    values === null || values.length === 0 ? null : JSON.stringify(values);
  const members: readonly (readonly [string, string | null | undefined])[] = [
    ['name', change.name === undefined ? undefined : JSON.stringify(change.name)],
    ['brum_trace', change.traces === undefined ? undefined : lists(change.traces)],
    ['expire', change.expire],
    ['hostnames', change.hostnames === undefined ? undefined : lists(change.hostnames)],
    ['only_hostnames', change.onlyHostnames === undefined ? undefined : change.onlyHostnames ? 'true' : null],
    ['retention_days', change.retentionDays === undefined ? undefined : numberText(change.retentionDays)],
    [
      'beacons_per_second',
      change.beaconsPerSecond === undefined ? undefined : numberText(change.beaconsPerSecond),
    ],
  ];
  let changed = text;
  for (const [member, written] of members) {
    if (written === undefined) continue;
    const { user } = findUser(openList(changed), prefix);
    const edit: Splice | null =
      written === null
        ? dropMember(changed, user, member)
        : setMember(changed, user, member, written, 'prefix');
    if (edit !== null) changed = splice(changed, edit);
  }
  return changed;
};

const numberText = (value: number | null): string | null => (value === null ? null : String(value));

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
  return splice(text, { start, end: lineEnd(text, contentEnd(list.items[index] as Node)), text: '' });
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
  if (user.beaconsPerSecond !== undefined) lines.push(['beacons_per_second', String(user.beaconsPerSecond)]);
  const indent = ' '.repeat(column);
  return [`${indent}- user:`, ...lines.map(([key, value]) => `${indent}    ${key}: ${value}`), ''].join(eol);
};

/** A prefix such as `no` or `y` is a text only in quotes. */
export const plainOrQuoted = (text: string): string =>
  /^[a-z][a-z0-9_]{4,}$/.test(text) ? text : JSON.stringify(text);

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
