import { isMap, isScalar, isSeq, Lexer, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { RelationRule } from './relation.ts';
import {
  columnOf,
  contentEnd,
  dashOffsets,
  dropItems,
  layoutError,
  lineBreakOf,
  lineEnd,
  setMember,
  type Splice,
} from './yaml-places.ts';

/** A rule as it is to be. What does not hold is refused by whoever reads the file afterwards, with its line. */
export interface RuleWish extends Omit<RelationRule, 'tenant'> {
  readonly tenant: string;
  /** Place among the rules that the relation has (from 0), so that its comments go with it; absent: a new rule. */
  readonly was?: number | undefined;
}

/**
 * What gives a relation these rules in this order. A rule that stays is moved as it is written; of one that changes the comments stay, above it; of one that
 * goes, the lines of comments above it. A list in one line becomes a list in lines, if its relation is written in lines.
 * Errors: `TENANTS_MAP_LAYOUT`, also for comments inside of a relation in braces, which would be lost.
 */
export const rulesEdit = (
  text: string,
  relation: YAMLMap,
  wanted: readonly RuleWish[],
): readonly Splice[] => {
  const list = relation.get('when', true);
  const before = isSeq(list) ? (list.items as Node[]) : [];
  if (list !== undefined && !isSeq(list)) throw layoutError();
  if (before.length === wanted.length && wanted.every((rule, place) => stays(before, rule, place))) return [];
  if (relation.flow === true) return [inBraces(text, relation, list, wanted)];
  if (list === undefined) return wanted.length === 0 ? [] : [newList(text, relation, wanted)];
  return list.flow === true
    ? fromBraces(text, relation, list, wanted)
    : inLines(text, relation, list, wanted);
};

/** What takes away the rules that lead to tenants that are gone; nothing when there are none. Errors: `TENANTS_MAP_LAYOUT`. */
export const dropRules = (
  text: string,
  relation: YAMLMap,
  isGone: (tenant: string) => boolean,
): readonly Splice[] => {
  const list = relation.get('when', true);
  if (!isSeq(list)) return [];
  const leadsAway = (rule: Node): boolean => isMap(rule) && isGone(textOf(rule, 'tenant') ?? '');
  const items = list.items as readonly Node[];
  if (!items.some(leadsAway)) return [];
  if (relation.flow === true || list.flow === true) return dropItems(text, list, leadsAway);
  const left = items.flatMap((rule, was) => (leadsAway(rule) || !isMap(rule) ? [] : [wishOf(rule, was)]));
  return inLines(text, relation, list, left);
};

const wishOf = (rule: YAMLMap, was: number): RuleWish => ({
  method: textOf(rule, 'method'),
  path: textOf(rule, 'path'),
  query: conditionsOf(rule, 'query'),
  body: conditionsOf(rule, 'body'),
  tenant: textOf(rule, 'tenant') ?? '',
  was,
});

const conditionsOf = (rule: YAMLMap, key: string): Readonly<Record<string, string>> => {
  const map = rule.get(key, true);
  if (!isMap(map)) return {};
  return Object.fromEntries(
    map.items.map(({ key: name }) => [String(name), textOf(map, String(name)) ?? '']),
  );
};

const stays = (before: readonly Node[], rule: RuleWish, place: number): boolean =>
  rule.was === place && saysTheSame(before[place], rule);

const inBraces = (
  text: string,
  relation: YAMLMap,
  list: YAMLSeq | undefined,
  wanted: readonly RuleWish[],
): Splice => {
  if (list !== undefined && commentsIn(sourceOf(text, list)).length > 0) throw layoutError();
  const items = (list?.items ?? []) as readonly Node[];
  const written = wanted.map((rule) => writtenAs(text, items, rule)).join(', ');
  return setMember(text, relation, 'when', `[${written}]`, 'modules');
};

const newList = (text: string, relation: YAMLMap, wanted: readonly RuleWish[]): Splice => {
  const modules = relation.items.find(({ key }) => isScalar(key) && key.value === 'modules');
  const [key, value] = [modules?.key as Node | undefined, modules?.value as Node | undefined];
  if (!key?.range || value === undefined) throw layoutError();
  const indent = ' '.repeat(columnOf(text, key.range[0]));
  const at = lineEnd(text, contentEnd(value));
  return insertion(text, at, [`${indent}when:`, ...wanted.map((rule) => `${indent}  - ${ruleText(rule)}`)]);
};

const fromBraces = (
  text: string,
  relation: YAMLMap,
  list: YAMLSeq,
  wanted: readonly RuleWish[],
): readonly Splice[] => {
  const key = keyOfRules(relation);
  const indent = `${' '.repeat(columnOf(text, key.start))}  `;
  const items = list.items as readonly Node[];
  const lines = [
    ...commentsIn(sourceOf(text, list)).map((comment) => `${indent}${comment}`),
    ...wanted.map((rule) => `${indent}- ${writtenAs(text, items, rule)}`),
  ];
  const end = contentEnd(list);
  const emptied = { start: text.indexOf(':', key.end) + 1, end, text: wanted.length === 0 ? ' []' : '' };
  return [emptied, insertion(text, lineEnd(text, end), lines)];
};

const keyOfRules = (relation: YAMLMap): { readonly start: number; readonly end: number } => {
  const pair = relation.items.find(({ key }) => isScalar(key) && key.value === 'when');
  const range = (pair?.key as Node | undefined)?.range;
  if (!range) throw layoutError();
  return { start: range[0], end: range[1] };
};

/** Lines of a rule, and those above it, which are blank or comments. */
interface Chunk {
  readonly lead: string;
  readonly item: Node;
  readonly lines: string;
}

const inLines = (
  text: string,
  relation: YAMLMap,
  list: YAMLSeq,
  wanted: readonly RuleWish[],
): readonly Splice[] => {
  const key = keyOfRules(relation);
  const start = lineEnd(text, key.end);
  const chunks = chunksOf(text, list, start);
  const last = chunks.at(-1);
  if (last === undefined) throw layoutError();
  const { eol, indent } = { eol: lineBreakOf(text), indent: ' '.repeat(last.column) };
  const { leads, left } = leadsOf(chunks, wanted);
  const used = new Set<number>();
  const written = wanted.map((rule) => {
    const { was } = rule;
    const chunk = was === undefined || used.has(was) ? undefined : chunks[was];
    if (was === undefined || chunk === undefined) return `${indent}- ${ruleText(rule)}${eol}`;
    used.add(was);
    const lead = leads.get(was) ?? '';
    if (saysTheSame(chunk.item, rule)) return lead + wholeLines(chunk.lines, eol);
    const inner = commentsIn(sourceOf(text, chunk.item)).map((comment) => `${indent}${comment}${eol}`);
    const behind = text.slice(contentEnd(chunk.item), chunk.end);
    return wholeLines(`${lead}${inner.join('')}${indent}- ${ruleText(rule)}${behind}`, eol);
  });
  const lines = written.join('') + left;
  const isWhole = text.slice(0, last.end).endsWith('\n');
  const edit = { start, end: last.end, text: isWhole ? lines : lines.replace(/\r?\n$/, '') };
  if (wanted.length > 0) return [edit];
  const colon = text.indexOf(':', key.end) + 1;
  return [{ start: colon, end: colon, text: ' []' }, edit];
};

/** A rule in lines of its own. */
interface Chunk {
  /** Blank lines and comments above it. */
  readonly lead: string;
  readonly item: Node;
  readonly lines: string;
  /** Of its dash. */
  readonly column: number;
  /** Offset behind its last line. */
  readonly end: number;
}

const chunksOf = (text: string, list: YAMLSeq, start: number): readonly Chunk[] => {
  const dashes = dashOffsets(list);
  let from = start;
  return (list.items as Node[]).map((item, place) => {
    const dash = dashes[place];
    if (dash === undefined) throw layoutError();
    const column = columnOf(text, dash);
    const lineStart = dash - column;
    if (lineStart < from || text.slice(lineStart, dash).trim() !== '') throw layoutError();
    const end = lineEnd(text, contentEnd(item));
    const lead = text.slice(from, lineStart);
    from = end;
    return { lead, item, lines: text.slice(lineStart, end), column, end };
  });
};

/** What stands above a rule that goes stays where it is: above the next one that does not, or at the end. */
const leadsOf = (
  chunks: readonly Chunk[],
  wanted: readonly RuleWish[],
): { readonly leads: ReadonlyMap<number, string>; readonly left: string } => {
  const kept = new Set(wanted.map(({ was }) => was));
  const leads = new Map<number, string>();
  let left = '';
  for (const [place, { lead }] of chunks.entries()) {
    left += lead;
    if (!kept.has(place)) continue;
    leads.set(place, left);
    left = '';
  }
  return { leads, left };
};

const wholeLines = (lines: string, eol: string): string => (lines.endsWith('\n') ? lines : lines + eol);

/** Lines of their own at the beginning of a line, or at the end of the file. */
const insertion = (text: string, at: number, lines: readonly string[]): Splice => {
  const eol = lineBreakOf(text);
  const isWhole = at === 0 || text.slice(0, at).endsWith('\n');
  const written = lines.map((line) => (isWhole ? line + eol : eol + line)).join('');
  return { start: at, end: at, text: written };
};

/** A rule of a list in braces: as it stands there, if it says the same. */
const writtenAs = (text: string, items: readonly Node[], rule: RuleWish): string => {
  const item = rule.was === undefined ? undefined : items[rule.was];
  const isOneLine = item !== undefined && !/[\r\n]/.test(sourceOf(text, item));
  return isOneLine && saysTheSame(item, rule) ? sourceOf(text, item) : ruleText(rule);
};

/** A rule in one line: `{ method: GET, path: "/notes", tenant: sofia_news }` */
export const ruleText = ({ method, path, query, body, tenant }: RuleWish): string => {
  const members = [
    ...(method === null ? [] : [`method: ${scalarText(method)}`]),
    ...(path === null ? [] : [`path: ${scalarText(path)}`]),
    ...(Object.keys(query).length === 0 ? [] : [`query: ${conditionsText(query)}`]),
    ...(Object.keys(body).length === 0 ? [] : [`body: ${conditionsText(body)}`]),
    `tenant: ${scalarText(tenant)}`,
  ];
  return `{ ${members.join(', ')} }`;
};

const conditionsText = (conditions: Readonly<Record<string, string>>): string =>
  `{ ${Object.entries(conditions)
    .map(([name, value]) => `${scalarText(name)}: ${scalarText(value)}`)
    .join(', ')} }`;

/** Without quotes where every reader of YAML takes it for a text. */
const scalarText = (text: string): string =>
  /^(?:\/[\w/.*-]*|[A-Z]{3,20}|[a-z][a-z0-9_]{5,})$/.test(text) &&
  !/^(?:true|yes|off|null|false)$/i.test(text)
    ? text
    : JSON.stringify(text);

const saysTheSame = (item: Node | undefined, rule: RuleWish): boolean =>
  isMap(item) &&
  (['method', 'path', 'tenant'] as const).every((key) => textOf(item, key) === rule[key]) &&
  (['query', 'body'] as const).every((key) => hasConditions(item, key, rule[key]));

const textOf = (map: YAMLMap, key: string): string | null => {
  const value = map.get(key, true);
  return isScalar(value) ? String(value.value) : null;
};

const hasConditions = (item: YAMLMap, key: string, wanted: Readonly<Record<string, string>>): boolean => {
  const map = item.get(key, true);
  const names = Object.keys(wanted);
  if (!isMap(map)) return names.length === 0;
  return map.items.length === names.length && names.every((name) => textOf(map, name) === wanted[name]);
};

const sourceOf = (text: string, node: Node): string => text.slice(node.range?.[0] ?? 0, contentEnd(node));

/** Comments of a piece of YAML, with their `#`. */
const commentsIn = (source: string): readonly string[] => {
  const tokens = [...new Lexer().lex(source)];
  return tokens.filter((token, place) => token.startsWith('#') && tokens[place - 1] !== SCALAR);
};

/** What the lexer puts before a text without quotes, which may begin with `#` in a block. */
const SCALAR = '\u001f';
