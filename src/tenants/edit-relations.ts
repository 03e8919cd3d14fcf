import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { AppError } from '#core';
import { dropRules, ruleText, type RuleWish } from './change-rules.ts';
import { plainOrQuoted } from './edit-text.ts';
import { quoted } from './quoted.ts';
import {
  columnOf,
  contentEnd,
  dashOffsets,
  dropItems,
  lineBreakOf,
  lineEnd,
  openList,
  setMember,
  splice,
} from './yaml-places.ts';

/** A relation to add, as text. */
export interface NewRelation {
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  /** Ceiling, names with `*`. */
  readonly permissions: readonly string[];
  /** Only for users who have an account there; absent: false. */
  readonly requiresAccount?: boolean;
  /** Which requests it takes by themselves, in their order; absent: none. */
  readonly rules?: readonly RuleWish[];
  /** `2027-12-25` or an ISO instant; absent: never expires. */
  readonly expire?: string;
}

/** The text with one more relation at its end; the rest stays as it is, to the byte. Errors: `TENANTS_MAP_LAYOUT`. */
export const addRelationText = (text: string, relation: NewRelation): string => {
  const list = openList(text);
  const last = list.items.at(-1) as Node | undefined;
  const end = last === undefined ? text.length : lineEnd(text, contentEnd(last));
  const eol = lineBreakOf(text);
  const indent = ' '.repeat(columnOf(text, dashOffsets(list)[0] ?? 0));
  const { rules = [] } = relation;
  const lines = [
    '- relation:',
    `    tenant: ${plainOrQuoted(relation.tenant)}`,
    `    executes_as: ${listText(relation.executesAs)}`,
    `    modules: ${listText(relation.modules)}`,
    ...(rules.length === 0 ? [] : ['    when:', ...rules.map((rule) => `      - ${ruleText(rule)}`)]),
    `    permissions: ${listText(relation.permissions)}`,
    ...(relation.requiresAccount === true ? ['    requires_account: true'] : []),
    ...(relation.expire === undefined ? [] : [`    expire: ${relation.expire}`]),
  ];
  const before = text.slice(0, end).endsWith('\n') ? '' : eol;
  return splice(text, {
    start: end,
    end,
    text: `${before}${lines.map((line) => indent + line + eol).join('')}`,
  });
};

/**
 * The text with another expiry for a relation (`agency#1`: tenant and place among the relations of the file). A relation is ended by an expiry
 * that is over: it stays where it is, so that the names of the others stay true. Errors: `TENANTS_UNKNOWN_RELATION`, `TENANTS_MAP_LAYOUT`.
 */
export const renewRelationText = (text: string, id: string, expire: string): string =>
  splice(text, setMember(text, findRelation(text, id), 'expire', expire, 'tenant'));

/**
 * The text in which a relation no longer reaches `member`: it is taken out of `executes_as`, and the rules that lead to it go with it. When it
 * is the only one, the relation ends with `expire`. Errors: as `renewRelationText`.
 */
export const withdrawText = (text: string, id: string, member: string, expire: string): string => {
  const relation = findRelation(text, id);
  const members = relation.get('executes_as', true);
  if (!isSeq(members) || !members.items.some((item) => !isText(item, member)))
    return isText(members, member) || isSeq(members) ? renewRelationText(text, id, expire) : text;
  return splice(
    text,
    ...dropItems(text, members, (item) => isText(item, member)),
    ...dropRules(text, relation, (tenant) => tenant === member),
  );
};

/** The relation of this name. Errors: `TENANTS_UNKNOWN_RELATION`, `TENANTS_MAP_LAYOUT`. */
export const findRelation = (text: string, id: string): YAMLMap => {
  const [tenant, place] = [id.slice(0, id.lastIndexOf('#')), Number(id.slice(id.lastIndexOf('#') + 1))];
  const relations = openList(text).items.flatMap((item) =>
    isMap(item) && item.has('relation') ? [item.get('relation')] : [],
  );
  const relation = relations[place - 1];
  if (isMap(relation) && relation.get('tenant') === tenant) return relation;
  throw new AppError('TENANTS_UNKNOWN_RELATION', `found no relation ${quoted(id)} in the users map`, {
    hint: 'look at the list again, it may have changed',
    status: 404,
  });
};

const isText = (node: unknown, text: string): boolean => isScalar(node) && node.value === text;

/** A list in one line. */
export const listText = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
