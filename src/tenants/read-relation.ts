import { createHash } from 'node:crypto';
import { type MapReader, memberPath, type Value } from './map-reader.ts';
import { quoted } from './quoted.ts';
import { oneOrMore, readExpire, readTenantId } from './read-user.ts';
import type { Relation, RelationRule } from './relation.ts';
import type { TenantId } from './tenant.ts';

/** Keys of a `relation` entry and of one of its rules. */
const RELATION_KEYS = [
  'tenant',
  'executes_as',
  'modules',
  'when',
  'permissions',
  'requires_account',
  'expire',
];
const RULE_KEYS = ['method', 'path', 'query', 'body', 'tenant'];

const TENANT_SHAPE = 'the prefix of a user of this file';
const MODULE_SHAPE = 'a module or interface such as notes or mod-notes, without wildcards';
const PERMISSION_SHAPE = 'a permission such as notes.item.get or notes.*';
const PERMISSIONS_SHAPE = "a ceiling such as [notes.*], or ['*'] where that is meant";
const METHOD_SHAPE = 'a method such as GET or POST, in capitals';
const PATH_SHAPE = 'a path that begins with /, without query, with up to 8 * for any run of characters';
const VALUE_SHAPE = 'a text of up to 500 characters';
const MOST = 1_000;

/**
 * Reads a `relation` entry; null when anything in it is wrong. Whether its tenants exist is checked once all users of the
 * file are known, by the caller.
 */
export const readRelation = (
  reader: MapReader,
  node: Value,
  path: string,
  order: number,
): Relation | null => {
  const before = reader.problems.length;
  const members = reader.members(node, path, RELATION_KEYS);
  if (members === null) return null;
  const at = (key: string): string => memberPath(path, key);
  for (const key of ['tenant', 'executes_as', 'modules']) {
    if (!members.has(key)) reader.refuse(node, path, `no ${key}`, `the keys tenant, executes_as and modules`);
  }

  const tenant = members.has('tenant') ? readTenantId(reader, members.get('tenant'), at('tenant')) : null;
  const executesAs = members.has('executes_as')
    ? oneOrMore(reader, members.get('executes_as'), at('executes_as'), TENANT_SHAPE, MOST, readTenantId)
    : [];
  if (tenant !== null && executesAs.includes(tenant))
    reader.refuse(members.get('executes_as'), at('executes_as'), 'the tenant itself', 'other tenants');
  const modules = members.has('modules')
    ? oneOrMore(reader, members.get('modules'), at('modules'), MODULE_SHAPE, MOST, readModule)
    : [];
  const when = members.has('when') ? readRules(reader, members.get('when'), at('when'), executesAs) : [];
  const permissions = members.has('permissions')
    ? readPermissions(reader, members.get('permissions'), at('permissions'))
    : ['*'];
  const requiresAccount = members.has('requires_account')
    ? reader.flag(members.get('requires_account'), at('requires_account'))
    : false;
  const expiresAt = members.has('expire') ? readExpire(reader, members.get('expire'), at('expire')) : null;

  if (reader.problems.length > before || tenant === null) return null;
  if (!members.has('expire'))
    reader.warn(node, path, 'no expire, so that it holds for ever', 'a last day such as 2027-12-31');
  if (!members.has('permissions'))
    reader.warn(
      node,
      path,
      'no permissions, so that it lends all that its users hold at home',
      PERMISSIONS_SHAPE,
    );
  return Object.freeze({
    id: `${tenant}#${order}`,
    // What does not ask for an account has the key that it had before there was the question.
    key: keyOf([tenant, executesAs, modules, permissions, ...(requiresAccount === true ? ['account'] : [])]),
    tenant,
    executesAs: Object.freeze(executesAs),
    modules: Object.freeze(modules),
    when: Object.freeze(when),
    permissions: Object.freeze(permissions),
    requiresAccount: requiresAccount === true,
    expiresAt,
  });
};

/** 16 hexadecimal digits. */
const keyOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);

const readRules = (
  reader: MapReader,
  node: Value,
  path: string,
  executesAs: readonly TenantId[],
): RelationRule[] => {
  const items = reader.items(node, path, 'a list of rules') ?? [];
  if (items.length > MOST)
    reader.refuse(node, path, `${items.length} rules`, `at most ${MOST} in one relation`);
  return items
    .slice(0, MOST)
    .map((item, index) => readRule(reader, item, `${path}[${index}]`, executesAs))
    .filter((rule) => rule !== null);
};

const readRule = (
  reader: MapReader,
  node: Value,
  path: string,
  executesAs: readonly TenantId[],
): RelationRule | null => {
  const members = reader.members(node, path, RULE_KEYS);
  if (members === null) return null;
  const at = (key: string): string => memberPath(path, key);
  const optional = <T>(key: string, read: (value: Value, at: string) => T | null): T | null =>
    members.has(key) ? read(members.get(key), at(key)) : null;

  const method = optional('method', (value, place) => readMethod(reader, value, place));
  const pattern = optional('path', (value, place) => readPath(reader, value, place));
  const query = optional('query', (value, place) => readConditions(reader, value, place)) ?? NO_CONDITIONS;
  const body = optional('body', (value, place) => readConditions(reader, value, place)) ?? NO_CONDITIONS;
  if (!members.has('tenant')) return reader.refuse(node, path, 'no tenant', 'a tenant of executes_as');
  const tenant = readTenantId(reader, members.get('tenant'), at('tenant'));
  if (tenant === null) return null;
  if (!executesAs.includes(tenant))
    return reader.refuse(members.get('tenant'), at('tenant'), quoted(tenant), 'a tenant of executes_as');
  return Object.freeze({ method, path: pattern, query, body, tenant });
};

const NO_CONDITIONS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/** Conditions on query or body: names come from the file, so the object has no prototype. */
const readConditions = (
  reader: MapReader,
  node: Value,
  path: string,
): Readonly<Record<string, string>> | null => {
  const members = reader.members(node, path, null);
  if (members === null) return null;
  if (members.size > 20) return reader.refuse(node, path, `${members.size} conditions`, 'at most 20');
  const conditions = Object.create(null) as Record<string, string>;
  for (const [key, value] of members) {
    const text = reader.scalar(value, memberPath(path, key), VALUE_SHAPE);
    if (text === null) continue;
    if (text.length > 500) reader.refuse(value, memberPath(path, key), quoted(text), VALUE_SHAPE);
    conditions[key] = text;
  }
  return Object.freeze(conditions);
};

const readMethod = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, METHOD_SHAPE);
  if (text === null) return null;
  return /^[A-Z]{1,20}$/.test(text) ? text : reader.refuse(node, path, quoted(text), METHOD_SHAPE);
};

const readPath = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, PATH_SHAPE);
  if (text === null) return null;
  // The number of wildcards bounds the work of matching a path.
  const fits = /^\/[!-~]{0,500}$/.test(text) && !/[?#]/.test(text) && text.split('*').length <= 9;
  return fits ? text : reader.refuse(node, path, quoted(text), PATH_SHAPE);
};

const readModule = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, MODULE_SHAPE);
  if (text === null) return null;
  return /^[A-Za-z][\w.-]{0,99}$/.test(text) ? text : reader.refuse(node, path, quoted(text), MODULE_SHAPE);
};

const readPermissions = (reader: MapReader, node: Value, path: string): string[] => {
  // An empty list is a decision: nothing that needs a permission is allowed there.
  if (reader.isList(node) && reader.items(node, path, PERMISSION_SHAPE)?.length === 0) return [];
  return oneOrMore(reader, node, path, PERMISSION_SHAPE, MOST, readPermission);
};

const readPermission = (reader: MapReader, node: Value, path: string): string | null => {
  const text = reader.text(node, path, PERMISSION_SHAPE);
  if (text === null) return null;
  const fits = /^[\w.*-]{1,200}$/.test(text) && text.split('*').length <= 5;
  return fits ? text : reader.refuse(node, path, quoted(text), PERMISSION_SHAPE);
};
