import { AppError } from '#core';

/** A question in CQL, the query language of FOLIO's lists, as far as these modules understand it. */
export type Cql =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly left: Cql; readonly right: Cql }
  | { readonly kind: 'not'; readonly left: Cql; readonly right: Cql }
  | {
      readonly kind: 'term';
      readonly field: string;
      readonly relation: '==' | '=' | '<>';
      /** `*` stands for any text. */
      readonly value: string;
    };

/** A parsed query: what to keep, and in which order. */
export interface CqlQuery {
  readonly where: Cql;
  readonly sortBy: readonly { readonly field: string; readonly descending: boolean }[];
}

const MAX_LENGTH = 4_096;
const MAX_DEPTH = 32;
const TOKEN = /\s*(?:(==|<>|=|\(|\))|"((?:[^"\\]|\\.)*)"|([^\s"()=<>]+))/y;

type Token = { readonly kind: 'sign' | 'word' | 'text'; readonly text: string };

/**
 * Parses `field==value AND (other="te*xt" OR …) sortby field/sort.descending`. Errors: `CQL_INVALID` (400), with the place.
 * Source: CQL 1.2 of the Library of Congress, the subset that FOLIO's clients send to these lists.
 */
export const parseCql = (text: string): CqlQuery => {
  if (text.trim() === '') return { where: { kind: 'all' }, sortBy: [] };
  if (text.length > MAX_LENGTH)
    throw invalid(`the query has ${text.length} characters, at most ${MAX_LENGTH} are read`);
  const tokens = split(text);
  let place = 0;
  const isWord = (word: string): boolean =>
    tokens[place]?.kind === 'word' && tokens[place]?.text.toLowerCase() === word;
  const next = (expected: string): Token => {
    const token = tokens[place];
    if (token === undefined) throw invalid(`the query ends where ${expected} was expected`);
    place += 1;
    return token;
  };

  const group = (depth: number, term: (depth: number) => Cql): Cql => {
    if (depth > MAX_DEPTH) throw invalid(`more than ${MAX_DEPTH} parentheses`);
    let left = term(depth);
    for (;;) {
      const kind = (['and', 'or', 'not'] as const).find(isWord);
      if (kind === undefined) return left;
      place += 1;
      left = { kind, left, right: term(depth) };
    }
  };
  const inParentheses = (depth: number, term: (depth: number) => Cql): Cql => {
    const inner = group(depth + 1, term);
    const closing = next('")"');
    if (closing.text !== ')') throw invalid(`")" was expected, "${closing.text}" was found`);
    return inner;
  };
  const condition = (depth: number): Cql => {
    const first = next('a condition');
    if (first.kind === 'sign' && first.text === '(') return inParentheses(depth, condition);
    if (first.kind !== 'word') throw invalid(`a field was expected, "${first.text}" was found`);
    const relation = next('==, = or <>').text;
    if (relation !== '==' && relation !== '=' && relation !== '<>') {
      throw invalid(`==, = or <> was expected after "${first.text}", "${relation}" was found`);
    }
    return valueOf(first.text, relation)(depth);
  };
  /** `x`, or `(x or y)`: the field and the relation hold for all values in the parentheses. */
  const valueOf = (field: string, relation: '==' | '=' | '<>') => {
    const value = (depth: number): Cql => {
      const found = next('a value');
      if (found.kind === 'sign' && found.text === '(') return inParentheses(depth, value);
      if (found.kind === 'sign') throw invalid(`a value was expected, "${found.text}" was found`);
      return field === 'cql.allRecords'
        ? { kind: 'all' }
        : { kind: 'term', field, relation, value: found.text };
    };
    return value;
  };

  const where = isWord('sortby') ? ({ kind: 'all' } as const) : group(0, condition);
  const sortBy: { field: string; descending: boolean }[] = [];
  if (isWord('sortby')) {
    for (place += 1; place < tokens.length; ) {
      const [field = '', ...modifiers] = next('a field').text.split('/');
      sortBy.push({
        field,
        descending: modifiers.some((modifier) => modifier.toLowerCase() === 'sort.descending'),
      });
    }
  }
  if (place < tokens.length) throw invalid(`"${tokens[place]?.text}" was not expected`);
  return { where, sortBy };
};

const split = (text: string): Token[] => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw invalid(`cannot be read at character ${from + 1}`);
    const [, sign, quoted, word] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll(/\\(.)/g, '$1') });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
};

const invalid = (reason: string): AppError =>
  new AppError('CQL_INVALID', `the query is not valid CQL: ${reason}`, { status: 400 });

/** 400 for a query about a field that a list cannot be asked for (`CQL_FIELD_UNKNOWN`). */
export const unknownField = (field: string, known: readonly string[]): AppError =>
  new AppError('CQL_FIELD_UNKNOWN', `the query asks for the field ${field}, known are ${known.join(', ')}`, {
    status: 400,
  });
