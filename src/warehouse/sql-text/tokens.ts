/** What a token is. Comments and white space are not tokens: they lie between two of them. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'mark' | 'broken';

/**
 * One token of ClickHouse SQL. `start` and `end` are offsets into the text, `depth` is the number of open brackets
 * around it (an opening bracket itself counts as outside). `broken` is an unclosed string, comment or identifier.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** The word in capitals, the mark itself; for `quoted` the name within the quotes, unescaped; otherwise ''. */
  readonly value: string;
}

/**
 * Reads ClickHouse SQL from `from` on, one token at a time, by the rules of the server's own lexer: nested block
 * comments; line comments with two dashes, two slashes, or a hash and a blank; back-tick and double-quoted names;
 * single-quoted strings; typographic quotes; here-documents. Linear in the text, no regular expressions.
 */
export function* tokensOf(text: string, from = 0): Generator<Token, void, undefined> {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const next = skipBlank(text, at);
    if (next < 0) {
      yield { kind: 'broken', start: at, end: text.length, depth, value: '' };
      return;
    }
    if (next >= text.length) return;
    const token = tokenAt(text, next, depth);
    if (token.value === '(' || token.value === '[' || token.value === '{') depth += 1;
    else if (token.value === ')' || token.value === ']' || token.value === '}')
      depth = Math.max(0, depth - 1);
    yield token;
    at = token.end;
  }
}

const BLANKS = new Set([' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u3000', '\u2028', '\u2029', '\ufeff']);
const CLOSING: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '‘': '’', '“': '”' };

/** Offset of the next character that is neither blank nor comment; -1 when a block comment never ends. */
const skipBlank = (text: string, from: number): number => {
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    const pair = text.slice(at, at + 2);
    if (BLANKS.has(char) || (char >= '\u2000' && char <= '\u200d')) at += 1;
    else if (pair === '--' || pair === '//' || pair === '# ' || pair === '#!') {
      const end = text.indexOf('\n', at);
      if (end < 0) return text.length;
      at = end + 1;
    } else if (pair === '/*') {
      at = endOfComment(text, at);
      if (at < 0) return -1;
    } else return at;
  }
  return at;
};

const endOfComment = (text: string, from: number): number => {
  let level = 0;
  for (let at = from; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    if (pair === '/*') level += 1;
    else if (pair === '*/') level -= 1;
    else continue;
    at += 1;
    if (level === 0) return at + 1;
  }
  return -1;
};

const isDigit = (char: string): boolean => char >= '0' && char <= '9';
const isWordStart = (char: string): boolean =>
  (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_';
const isWordPart = (char: string): boolean => isWordStart(char) || isDigit(char) || char === '$';

const tokenAt = (text: string, start: number, depth: number): Token => {
  const char = text.charAt(start);
  if (CLOSING[char] !== undefined) return quotedAt(text, start, depth);
  if (isWordStart(char)) {
    const end = endOf(text, start, isWordPart);
    return { kind: 'word', start, end, depth, value: text.slice(start, end).toUpperCase() };
  }
  if (isDigit(char)) {
    const end = endOf(text, start, (part) => isWordPart(part));
    return { kind: 'number', start, end, depth, value: '' };
  }
  if (char === '$') {
    const tagEnd = endOf(text, start + 1, isWordPartOfTag);
    if (text.charAt(tagEnd) === '$') {
      const tag = text.slice(start, tagEnd + 1);
      const close = text.indexOf(tag, tagEnd + 1);
      const end = close < 0 ? text.length : close + tag.length;
      return { kind: close < 0 ? 'broken' : 'string', start, end, depth, value: '' };
    }
  }
  const isClosing = char === ')' || char === ']' || char === '}';
  return {
    kind: 'mark',
    start,
    end: start + 1,
    depth: isClosing ? Math.max(0, depth - 1) : depth,
    value: char,
  };
};

const isWordPartOfTag = (char: string): boolean => isWordStart(char) || isDigit(char);

const endOf = (text: string, from: number, belongs: (char: string) => boolean): number => {
  let at = from;
  while (at < text.length && belongs(text.charAt(at))) at += 1;
  return at;
};

const quotedAt = (text: string, start: number, depth: number): Token => {
  const opening = text.charAt(start);
  const closing = CLOSING[opening] as string;
  const isName = opening === '"' || opening === '`' || opening === '“';
  const hasEscapes = opening === closing;
  let name = '';
  for (let at = start + 1; at < text.length; at += 1) {
    let char = text.charAt(at);
    if (hasEscapes && char === '\\') {
      at += 1;
      char = text.charAt(at);
    } else if (char === closing) {
      if (!hasEscapes || text.charAt(at + 1) !== closing) {
        return { kind: isName ? 'quoted' : 'string', start, end: at + 1, depth, value: isName ? name : '' };
      }
      at += 1;
    }
    if (isName) name += char;
  }
  return { kind: 'broken', start, end: text.length, depth, value: '' };
};
