import { clickhouseError } from '../engine/exception.ts';
import { type Token, tokensOf } from '../sql-text/tokens.ts';
import { isForbiddenFunction, isHarmlessTableFunction } from './functions.ts';
import { createTablePosition } from './table-position.ts';

/** The first words of the statements that only read. */
const READING = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS', '(']);

/**
 * Lets one statement through that reads the warehouse's own tables, and nothing else. The server's `readonly` is not enough: it allows
 * INTO OUTFILE, and the embedded engine reads files of the machine as tables (`` FROM `/etc/passwd` ``) all the same.
 *
 * Refused, as ClickHouse would say it: 164 READONLY for other statements, INSERT and settings inside; 358 for INTO OUTFILE; 446 for
 * functions that read outside of ClickHouse; 497 for names that could be files; 62 for several statements and what is not SQL.
 */
export const checkReadOnly = (text: string): void => {
  const tokens = [...tokensOf(text)];
  const first = tokens[0];
  if (first === undefined || first.value === ';') throw clickhouseError(62, 'Syntax error: empty query');
  checkWhole(tokens);
  if (!isWord(first) && first.value !== '(') throw notReading(first, text);
  if (!READING.has(first.value)) throw notReading(first, text);
  const position = createTablePosition();
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    checkWords(token, next, tokens[index + 2]);
    checkName(token, text);
    checkCall(token, next, text, position.isTable());
    if (token.kind === 'string' && position.isTable()) {
      throw clickhouseError(
        497,
        'A string in the place of a table could be a file: write the name of a table',
      );
    }
    position.pass(token);
  }
};

const isWord = (token: Token | undefined): boolean => token?.kind === 'word';

const notReading = (token: Token, text: string): Error =>
  clickhouseError(
    164,
    `Cannot execute query in readonly mode: ${text.slice(token.start, token.end).slice(0, 40)} is not one of SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, EXISTS`,
  );

const checkWhole = (tokens: readonly Token[]): void => {
  const broken = tokens.find((token) => token.kind === 'broken');
  if (broken !== undefined) {
    throw clickhouseError(
      62,
      `Syntax error: failed at position ${broken.start + 1}: a quote or a comment is not closed`,
    );
  }
  const stop = tokens.findIndex((token) => token.value === ';' && token.kind === 'mark');
  if (stop >= 0 && tokens.slice(stop).some((token) => token.kind !== 'mark' || token.value !== ';')) {
    throw clickhouseError(62, 'Syntax error (Multi-statements are not allowed)');
  }
};

/** Words that make a reading statement do something else, wherever they stand. */
const checkWords = (token: Token, next: Token | undefined, third: Token | undefined): void => {
  if (!isWord(token) || !isWord(next)) return;
  const pair = `${token.value} ${next?.value}`;
  if (pair === 'INTO OUTFILE') throw clickhouseError(358, 'INTO OUTFILE is not allowed');
  if (pair === 'INSERT INTO' || pair === 'FROM INFILE') {
    throw clickhouseError(164, `Cannot execute query in readonly mode: it contains ${pair}`);
  }
  // `SETTINGS name = …` could lift the limits. (`settings` alone may be a column or a table.)
  if (token.value === 'SETTINGS' && third?.value === '=') {
    throw clickhouseError(164, `Cannot modify '${next?.value.toLowerCase()}' setting in readonly mode`);
  }
};

/** The embedded engine takes a quoted name for a path when a file is there. */
const checkName = (token: Token, text: string): void => {
  if (token.kind !== 'quoted') return;
  const hasEscape = text.slice(token.start, token.end).includes('\\');
  const isPath = token.value.startsWith('/') || token.value.startsWith('~') || token.value.includes('..');
  const isPattern = token.value.includes('/') && /[*?{}[\]:]/.test(token.value);
  if (hasEscape || isPath || isPattern || token.value.includes('\0')) {
    throw clickhouseError(497, `The name ${text.slice(token.start, token.end).slice(0, 60)} could be a file`);
  }
};

const checkCall = (token: Token, next: Token | undefined, text: string, isTable: boolean): void => {
  if ((token.kind !== 'word' && token.kind !== 'quoted') || next?.value !== '(' || next.kind !== 'mark')
    return;
  const name = token.kind === 'quoted' ? token.value : text.slice(token.start, token.end);
  // A subquery behind a keyword is not a call: FROM (…), IN (…).
  if (token.kind === 'word' && KEYWORDS_BEFORE_BRACKET.has(token.value)) return;
  if (isForbiddenFunction(name) || (isTable && !isHarmlessTableFunction(name))) {
    throw clickhouseError(
      446,
      `The function ${name.slice(0, 60)} is not allowed here: it reaches out of ClickHouse`,
    );
  }
};

const KEYWORDS_BEFORE_BRACKET = new Set([
  'FROM',
  'JOIN',
  'IN',
  'AS',
  'ON',
  'USING',
  'WHERE',
  'PREWHERE',
  'HAVING',
  'SELECT',
  'WITH',
  'ALL',
  'DISTINCT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'BY',
  'AND',
  'OR',
  'NOT',
  'OVER',
  'EXISTS',
  'EXPLAIN',
  'DESCRIBE',
  'DESC',
  'TABLE',
  'ANY',
  'LIMIT',
  'OFFSET',
  'THEN',
  'ELSE',
  'WHEN',
  'CASE',
  'BETWEEN',
  'FINAL',
  'SAMPLE',
  'INTERPOLATE',
  'QUALIFY',
]);
