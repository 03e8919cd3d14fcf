const MAX_LENGTH = 262_144;
const MAX_DEPTH = 120;
const MAX_LEAVES = 3_000;
const MAX_URL = 4_096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Reads `restiming`: a JSON object that is a trie of URL pieces. Calls `onLeaf` with each URL and its entries (`|` between
 * them). Key `|` or the empty one stands for the node itself; line breaks in keys, which Boomerang puts into suspicious words,
 * are taken out. One pass over the text, no objects are built (they would cost more than all the rest of a beacon).
 *
 * False when it is not such an object, or larger than the limits (256 Ki characters, 120 levels, 3,000 leaves); leaves
 * before the fault have been reported then. Never throws.
 */
export const readResourceTrie = (text: string, onLeaf: (url: string, entries: string) => void): boolean => {
  if (text.length > MAX_LENGTH || text.charCodeAt(0) !== OPEN) return false;
  const prefixes: string[] = [];
  let prefix = '';
  let leaves = 0;
  let at = 1;
  for (;;) {
    const next = text.charCodeAt(at);
    if (next === CLOSE) {
      at++;
      const parent = prefixes.pop();
      if (parent === undefined) return at === text.length;
      prefix = parent;
      if (text.charCodeAt(at) === COMMA) at++;
      continue;
    }
    if (next !== QUOTE) return false;
    const keyEnd = closingQuote(text, at + 1);
    if (keyEnd === -1 || text.charCodeAt(keyEnd + 1) !== COLON) return false;
    const url = join(prefix, pieceOf(text.slice(at + 1, keyEnd)));
    if (url.length > MAX_URL) return false;
    at = keyEnd + 2;
    const value = text.charCodeAt(at);
    if (value === OPEN) {
      if (prefixes.length >= MAX_DEPTH) return false;
      prefixes.push(prefix);
      prefix = url;
      at++;
      continue;
    }
    if (value !== QUOTE || ++leaves > MAX_LEAVES) return false;
    const valueEnd = closingQuote(text, at + 1);
    if (valueEnd === -1) return false;
    onLeaf(url, pieceOf(text.slice(at + 1, valueEnd)));
    at = valueEnd + 1;
    if (text.charCodeAt(at) === COMMA) at++;
  }
};

const join = (prefix: string, piece: string): string =>
  piece === '' || piece === '|' ? prefix : prefix === '' ? piece : prefix + piece;

/** Place of the quote that ends a JSON string that begins at `from`, -1 when there is none. */
const closingQuote = (text: string, from: number): number => {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return -1;
};

const pieceOf = (raw: string): string => {
  if (!raw.includes('\\')) return raw;
  try {
    const piece: unknown = JSON.parse(`"${raw}"`);
    return typeof piece === 'string' ? piece.replaceAll('\n', '') : '';
  } catch {
    return raw;
  }
};
