import {
  CST,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { AppError } from '#core';

/** A place of a text and what is to stand there. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all of these applied; they must not overlap. */
export const splice = (text: string, ...splices: readonly Splice[]): string => {
  let changed = text;
  for (const { start, end, text: inserted } of splices.toSorted((a, b) => b.start - a.start))
    changed = changed.slice(0, start) + inserted + changed.slice(end);
  return changed;
};

/** The list that a users map is, with the places of its parts. Errors: `TENANTS_MAP_LAYOUT`. */
export const openList = (text: string): YAMLSeq => {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, keepSourceTokens: true });
  const list = document.contents;
  if (document.errors.length > 0 || !isSeq(list) || list.flow === true) throw layoutError();
  return list;
};

/** Offsets of the `-` of each item. */
export const dashOffsets = (list: YAMLSeq): readonly (number | undefined)[] => {
  const token = list.srcToken;
  if (token === undefined || !CST.isCollection(token)) return [];
  return token.items.map((item) => item.start.find((part) => part.type === 'seq-item-ind')?.offset);
};

/** Where the last character of a value ends, comments and empty lines behind it not counted. */
export const contentEnd = (node: Node): number => {
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
export const lineEnd = (text: string, offset: number): number => {
  if (text[offset - 1] === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
};

/** How far `offset` is from the beginning of its line. */
export const columnOf = (text: string, offset: number): number =>
  offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** How the lines of a text end. */
export const lineBreakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/**
 * Sets a member of a mapping: where its value stands, or in a line of its own behind the member `after`. `written` is YAML.
 * Comments inside a list that is replaced go with it. Errors: `TENANTS_MAP_LAYOUT`.
 */
export const setMember = (
  text: string,
  map: YAMLMap,
  member: string,
  written: string,
  after: string,
): Splice => {
  const pair = pairOf(map, member);
  const value = pair?.value;
  if (isScalar(value) && value.range) return { start: value.range[0], end: value.range[1], text: written };
  const key = pair?.key as Node | undefined;
  if (key?.range && (isSeq(value) || isMap(value)))
    return { start: text.indexOf(':', key.range[1]) + 1, end: contentEnd(value), text: ` ${written}` };
  const anchor = pairOf(map, after);
  const [anchorKey, at] = [anchor?.key as Node | undefined, anchor?.value as Node | undefined];
  if (!anchorKey?.range || !at?.range) throw layoutError();
  const valueEnd = contentEnd(at);
  if (map.flow === true) return { start: valueEnd, end: valueEnd, text: `, ${member}: ${written}` };
  const end = lineEnd(text, valueEnd);
  const line = `${' '.repeat(columnOf(text, anchorKey.range[0]))}${member}: ${written}`;
  const isLastLine = !text.slice(0, end).endsWith('\n');
  return {
    start: end,
    end,
    text: isLastLine ? `${lineBreakOf(text)}${line}` : `${line}${lineBreakOf(text)}`,
  };
};

/** Takes a member of a mapping away; null: it is not there. Errors: `TENANTS_MAP_LAYOUT`. */
export const dropMember = (text: string, map: YAMLMap, member: string): Splice | null => {
  const index = map.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === member);
  const pair = map.items[index];
  if (pair === undefined) return null;
  const [start, end] = placeOf(pair);
  if (map.flow === true) {
    const [before, behind] = [map.items[index - 1], map.items[index + 1]];
    if (before !== undefined) return { start: placeOf(before)[1], end, text: '' };
    return { start, end: behind === undefined ? end : placeOf(behind)[0], text: '' };
  }
  const lineStart = start - columnOf(text, start);
  if (text.slice(lineStart, start).trim() !== '' || map.items.length === 1) throw layoutError();
  return { start: lineStart, end: lineEnd(text, end), text: '' };
};

/** Takes items out of a list. Errors: `TENANTS_MAP_LAYOUT`. */
export const dropItems = (
  text: string,
  list: YAMLSeq,
  isGone: (item: Node) => boolean,
): readonly Splice[] => {
  const items = list.items as Node[];
  if (list.flow === true || items.every(isGone)) {
    const kept = items.filter((item) => !isGone(item));
    const written = kept.map((item) => text.slice(item.range?.[0], contentEnd(item))).join(', ');
    return [{ start: list.range?.[0] ?? 0, end: contentEnd(list), text: `[${written}]` }];
  }
  const dashes = dashOffsets(list);
  return items.flatMap((item, index) => {
    if (!isGone(item)) return [];
    const dash = dashes[index];
    if (dash === undefined) throw layoutError();
    const lineStart = dash - columnOf(text, dash);
    if (text.slice(lineStart, dash).trim() !== '') throw layoutError();
    return [{ start: lineStart, end: lineEnd(text, contentEnd(item)), text: '' }];
  });
};

/** The list cannot be edited as text. */
export const layoutError = (): AppError =>
  new AppError(
    'TENANTS_MAP_LAYOUT',
    'the users map is not written as a list of lines that begin with "- user:"',
    { hint: 'edit the file by hand, `rumbrella tenants check` looks at the result', status: 409 },
  );

const pairOf = (map: YAMLMap, member: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === member);

const placeOf = (pair: Pair): readonly [start: number, end: number] => {
  const [key, value] = [pair.key as Node | null, pair.value as Node | null];
  if (!key?.range) throw layoutError();
  return [key.range[0], value === null ? key.range[1] : contentEnd(value)];
};
