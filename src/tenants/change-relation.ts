import { isScalar, isSeq, type Node, type YAMLSeq } from 'yaml';
import { dropRules, type RuleWish, rulesEdit } from './change-rules.ts';
import { findRelation, listText } from './edit-relations.ts';
import {
  columnOf,
  contentEnd,
  dashOffsets,
  dropItems,
  dropMember,
  layoutError,
  lineBreakOf,
  lineEnd,
  setMember,
  type Splice,
  splice,
} from './yaml-places.ts';

/** What is to be changed of a relation; a member that is absent stays as it is. */
export interface RelationChange {
  readonly executesAs?: readonly string[] | undefined;
  readonly modules?: readonly string[] | undefined;
  /** Ceiling, names with `*`. */
  readonly permissions?: readonly string[] | undefined;
  /** Only for users who have an account there. */
  readonly requiresAccount?: boolean | undefined;
  /** `2027-12-25` or an ISO instant; null: never. */
  readonly expire?: string | null | undefined;
  /** All of its rules, in their order. */
  readonly rules?: readonly RuleWish[] | undefined;
}

/**
 * The text with another description of a relation. Of a list only what is new is written and only what is gone is taken away, so that the comments of the others stay; rules that lead
 * to a member that is gone go with it, and keys that nobody here knows stay as they are. Errors: `TENANTS_UNKNOWN_RELATION`,
 * `TENANTS_MAP_LAYOUT`.
 */
export const changeRelationText = (text: string, id: string, change: RelationChange): string => {
  const { executesAs, modules, permissions, requiresAccount, expire, rules } = change;
  let changed = text;
  if (rules !== undefined) changed = splice(text, ...rulesEdit(text, findRelation(text, id), rules));
  // Whoever says which rules there are means them: one that leads nowhere is refused by the map's reader.
  else if (executesAs !== undefined) changed = withoutRules(changed, id, executesAs);
  for (const [member, values] of [
    ['executes_as', executesAs],
    ['modules', modules],
    ['permissions', permissions],
  ] as const)
    if (values !== undefined) changed = withList(changed, id, member, values);
  if (requiresAccount !== undefined)
    changed = withMember(changed, id, 'requires_account', requiresAccount ? 'true' : null);
  return expire === undefined ? changed : withMember(changed, id, 'expire', expire);
};

/** null: the member goes. */
const withMember = (text: string, id: string, member: string, value: string | null): string => {
  const relation = findRelation(text, id);
  const edit =
    value === null ? dropMember(text, relation, member) : setMember(text, relation, member, value, 'tenant');
  return edit === null ? text : splice(text, edit);
};

/** Rules lead to members; those of others would make the map invalid. */
const withoutRules = (text: string, id: string, members: readonly string[]): string =>
  splice(text, ...dropRules(text, findRelation(text, id), (tenant) => !members.includes(tenant)));

const withList = (text: string, id: string, member: string, values: readonly string[]): string => {
  const relation = findRelation(text, id);
  const list = relation.get(member, true);
  const before = isSeq(list) ? textsOf(list) : [];
  const hasSome = isSeq(list) && before.some((value) => values.includes(value));
  if (!hasSome) return splice(text, setMember(text, relation, member, listText(values), 'tenant'));
  const isGone = (item: Node): boolean => isScalar(item) && !values.includes(String(item.value));
  const left = before.every((value) => values.includes(value))
    ? text
    : splice(text, ...dropItems(text, list, isGone));
  const added = values.filter((value) => !before.includes(value));
  const kept = findRelation(left, id).get(member, true);
  return added.length === 0 || !isSeq(kept) ? left : splice(left, additionTo(left, kept, added));
};

const textsOf = (list: YAMLSeq): readonly string[] =>
  list.items.map((item) => (isScalar(item) ? String(item.value) : ''));

/** Behind the last item, in the form that the list has. */
const additionTo = (text: string, list: YAMLSeq, added: readonly string[]): Splice => {
  const last = list.items.at(-1) as Node | undefined;
  if (last === undefined) throw layoutError();
  const written = added.map((value) => JSON.stringify(value));
  const end = contentEnd(last);
  if (list.flow === true) return { start: end, end, text: written.map((value) => `, ${value}`).join('') };
  const dash = dashOffsets(list).at(-1);
  if (dash === undefined) throw layoutError();
  const eol = lineBreakOf(text);
  const at = lineEnd(text, end);
  const lines = written.map((value) => `${' '.repeat(columnOf(text, dash))}- ${value}`);
  return text.slice(0, at).endsWith('\n')
    ? { start: at, end: at, text: lines.map((line) => line + eol).join('') }
    : { start: at, end: at, text: lines.map((line) => eol + line).join('') };
};
