import { type Token, tokensOf } from '../sql-text/tokens.ts';
import { clickhouseError } from './exception.ts';

/**
 * What a statement asks for, as far as the engine must know to run it.
 * - `rows`: its answer is rows, and it may be written in any format;
 * - `insert-data`: an INSERT whose rows are the bytes behind the statement;
 * - `kill`: KILL QUERY; - `command`: everything else, with a short answer or none.
 */
export type Statement = RowsStatement | InsertStatement | PlainStatement;

/** SELECT and its relatives. `tail` starts at FORMAT, when there is one. */
export interface RowsStatement {
  readonly kind: 'rows';
  readonly head: string;
  readonly tail: string;
  readonly format: string | undefined;
}

/** An INSERT with its data behind it. */
export interface InsertStatement {
  readonly kind: 'insert-data';
  readonly format: string;
  /** Offset in the text where the data starts. */
  readonly dataStart: number;
  /** The statement that does the same from a file of the engine's machine; `comment` is put into it. */
  fromFile(path: string, comment?: string): string;
}

/** A statement that is run as it is. */
export interface PlainStatement {
  readonly kind: 'insert-select' | 'kill' | 'command';
  readonly text: string;
}

const ROWS = new Set([
  'SELECT',
  'WITH',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
  'FROM',
  'CHECK',
  '(',
]);

/**
 * Reads the beginning of a request's text. Bytes behind an INSERT's FORMAT or VALUES are never looked at.
 * Errors (as ClickHouse has them): 62 for no or several statements and broken text, 358 for INTO OUTFILE.
 */
export const parseStatement = (text: string): Statement => {
  const tokens = tokensOf(text);
  const first = tokens.next().value;
  if (first === undefined || first.value === ';') throw clickhouseError(62, 'Syntax error: empty query');
  if (first.value === 'INSERT') return parseInsert(text, [first, ...headOfInsert(tokens)], tokens);
  const rest = [first, ...tokens];
  checkSingle(rest);
  const isInsert = rest.some(
    ({ value, depth }, at) => value === 'INSERT' && depth === 0 && rest[at + 1]?.value === 'INTO',
  );
  if (first.value === 'WITH' && isInsert) return { kind: 'insert-select', text };
  if (ROWS.has(first.value)) return parseRows(text, rest);
  return { kind: first.value === 'KILL' ? 'kill' : 'command', text };
};

const checkSingle = (tokens: readonly Token[]): void => {
  const broken = tokens.find((token) => token.kind === 'broken');
  if (broken !== undefined) {
    throw clickhouseError(
      62,
      `Syntax error: failed at position ${broken.start + 1}: a quote or a comment is not closed`,
    );
  }
  const stop = tokens.findIndex((token) => token.value === ';');
  if (stop >= 0 && tokens.slice(stop).some((token) => token.value !== ';')) {
    throw clickhouseError(62, 'Syntax error (Multi-statements are not allowed)');
  }
};

const parseRows = (text: string, all: readonly Token[]): RowsStatement => {
  const tokens = all.filter((token) => token.value !== ';');
  if (tokens.some(({ value }, index) => value === 'INTO' && tokens[index + 1]?.value === 'OUTFILE')) {
    throw clickhouseError(358, 'INTO OUTFILE is not allowed');
  }
  const end = tokens.at(-1)?.end ?? text.length;
  const at = tokens.findLastIndex((_, index) => index > 0 && isFormatClause(tokens, index));
  const format = tokens[at];
  const comments = text.slice(end).replaceAll(';', ' ');
  if (format === undefined) {
    return { kind: 'rows', head: text.slice(0, end), tail: comments, format: undefined };
  }
  const name = tokens[at + 1] as Token;
  return {
    kind: 'rows',
    head: text.slice(0, format.start),
    tail: `${text.slice(format.start, end)}${comments}`,
    format: nameOf(text, name),
  };
};

const BEFORE_A_NAME = new Set([
  'FROM',
  'JOIN',
  'AS',
  '.',
  ',',
  'TABLE',
  'SELECT',
  'BY',
  'ON',
  'AND',
  'OR',
  'IN',
]);

/** FORMAT as a clause: a word follows it, and then the statement ends or SETTINGS begins. */
const isFormatClause = (tokens: readonly Token[], index: number): boolean => {
  const [token, name, then] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (token?.value !== 'FORMAT' || token.kind !== 'word' || token.depth !== 0 || name === undefined)
    return false;
  if (BEFORE_A_NAME.has(tokens[index - 1]?.value ?? '')) return false;
  return (
    (name.kind === 'word' || name.kind === 'quoted') && (then === undefined || then.value === 'SETTINGS')
  );
};

const nameOf = (text: string, token: Token): string =>
  token.kind === 'quoted' ? token.value : text.slice(token.start, token.end);

const DATA_BEGINS = new Set(['FORMAT', 'VALUES', 'SELECT', 'WITH', 'WATCH']);

/** The tokens of an INSERT up to the one that says where its rows come from; the data behind is not read. */
function* headOfInsert(tokens: Iterator<Token, void>): Generator<Token> {
  // The target is a name, and may itself be called `values` or `format`.
  let isName = true;
  for (let next = tokens.next(); !next.done; next = tokens.next()) {
    const token = next.value;
    yield token;
    if (token.kind === 'broken') return;
    if (isName) {
      isName = token.value === 'INTO' || token.value === 'TABLE' || token.value === 'FUNCTION';
      continue;
    }
    if (token.value === '.') isName = true;
    else if (token.depth === 0 && token.kind === 'word' && DATA_BEGINS.has(token.value)) return;
    else if (token.value === 'INFILE') return;
  }
}

const parseInsert = (text: string, head: readonly Token[], rest: Iterator<Token, void>): Statement => {
  const last = head.at(-1) as Token;
  if (last.kind === 'broken') checkSingle(head);
  const target = (before: Token): string => {
    const settings = head.findIndex((token) => token.value === 'SETTINGS' && token.depth === 0);
    return text.slice(0, (settings > 1 ? (head[settings] as Token) : before).start);
  };
  const settingsOf = (before: Token): string => {
    const settings = head.findIndex((token) => token.value === 'SETTINGS' && token.depth === 0);
    return settings > 1 ? text.slice((head[settings] as Token).start, before.start) : '';
  };
  const fromFile =
    (format: string, more = '') =>
    (path: string, comment = ''): string =>
      `${target(last)} FROM INFILE ${quoted(path)} COMPRESSION 'none' ${settingsOf(last)} ${more} ${comment} FORMAT ${format}`;

  if (last.value === 'VALUES') {
    return { kind: 'insert-data', format: 'Values', dataStart: last.end, fromFile: fromFile('Values') };
  }
  if (last.value === 'FORMAT') return insertWithFormat(text, rest, fromFile);
  if (last.value === 'INFILE') throw clickhouseError(48, 'INSERT FROM INFILE is not allowed over HTTP');
  if (last.value === 'SELECT' || last.value === 'WITH' || last.value === 'WATCH') {
    const tokens = [...head, ...drain(rest)];
    return insertFromInput(text, tokens) ?? plainInsert(text, tokens);
  }
  const tokens = [...head, ...drain(rest)];
  checkSingle(tokens);
  return { kind: 'insert-select', text };
};

function* drain(tokens: Iterator<Token, void>): Generator<Token> {
  for (let next = tokens.next(); !next.done; next = tokens.next()) yield next.value;
}

const plainInsert = (text: string, tokens: readonly Token[]): PlainStatement => {
  checkSingle(tokens);
  return { kind: 'insert-select', text };
};

const insertWithFormat = (
  text: string,
  rest: Iterator<Token, void>,
  fromFile: (format: string, more: string) => (path: string, comment?: string) => string,
): InsertStatement => {
  const name = rest.next().value;
  if (name === undefined || (name.kind !== 'word' && name.kind !== 'quoted')) {
    throw clickhouseError(62, 'Syntax error: a format name is expected behind FORMAT');
  }
  const format = nameOf(text, name);
  const settingsEnd = endOfSettings(text, name.end);
  const more = text.slice(name.end, settingsEnd);
  return {
    kind: 'insert-data',
    format,
    dataStart: startOfData(text, settingsEnd),
    fromFile: fromFile(`\`${format.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``, more),
  };
};

/** `FORMAT x SETTINGS a = 1, b = 2` and then the data: where the settings end, or `from` when there are none. */
const endOfSettings = (text: string, from: number): number => {
  const tokens = tokensOf(text, from);
  if (tokens.next().value?.value !== 'SETTINGS') return from;
  let end = from;
  for (;;) {
    const [name, sign, value] = [tokens.next().value, tokens.next().value, tokens.next().value];
    if (name?.kind !== 'word' || sign?.value !== '=' || value === undefined) return end;
    end = value.end;
    let after = tokens.next().value;
    if (value.value === '-' && after !== undefined) {
      end = after.end;
      after = tokens.next().value;
    }
    if (after?.value !== ',') return end;
  }
};

/** As the server does it: blanks behind the format's name, and then at most one line end, are not data. */
const startOfData = (text: string, from: number): number => {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\f' || text[at] === ';') at += 1;
  if (text[at] === '\r') at += 1;
  if (text[at] === '\n') at += 1;
  return at;
};

/** `INSERT INTO t SELECT … FROM input('a Int8') FORMAT x` + data: `input` becomes `file` with that structure. */
const insertFromInput = (text: string, tokens: readonly Token[]): InsertStatement | undefined => {
  const call = tokens.findIndex(
    (token, index) => token.value === 'INPUT' && tokens[index + 1]?.value === '(',
  );
  const clause = tokens.findIndex((_, index) => index > call && isInputFormat(tokens, index));
  const [input, bracket, format] = [tokens[call], tokens[call + 1], tokens[clause + 1]];
  if (call < 0 || clause < 0 || input === undefined || bracket === undefined || format === undefined)
    return undefined;
  const name = nameOf(text, format);
  return {
    kind: 'insert-data',
    format: name,
    dataStart: startOfData(text, format.end),
    fromFile: (path, comment = '') =>
      `${text.slice(0, input.start)}file(${quoted(path)}, ${quoted(name)}, ${text.slice(bracket.end, (tokens[clause] as Token).start)} ${comment}`,
  };
};

const isInputFormat = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]?.value === 'FORMAT' && tokens[index]?.depth === 0 && tokens[index + 1]?.kind === 'word';

/** A ClickHouse string literal. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`;

/** Does the statement end where an INSERT's data would begin? Then the data are to come from elsewhere. */
export const takesData = (text: string): boolean => {
  try {
    const statement = parseStatement(text);
    return statement.kind === 'insert-data' && text.slice(statement.dataStart).trim() === '';
  } catch {
    return false;
  }
};
