const MAX_DEPTH = 120;
const MAX_LEAVES = 3_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;
const PIPE = 0x7c;

/** Hears of each leaf: the length of its address, and where its entries stand in the text. */
export type OnLeaf = (urlLength: number, from: number, to: number) => void;

/**
 * Reads `restiming`: a JSON object that is a trie of URL pieces. Calls `onLeaf` for each address, which stands in `url` then, with its
 * entries (`|` between them). Key `|` or the empty one stands for the node itself; line breaks in keys, which Boomerang puts into suspicious words,
 * are taken out. One pass over the bytes; no objects and no texts are made, they would cost more than all the rest of a beacon.
 *
 * False when it is not such an object, or larger than the limits (120 levels, 3,000 leaves, addresses that fit `url`);
 * leaves before the fault have been reported then. Never throws.
 */
export const readResourceTrie = (
  bytes: Uint8Array,
  length: number,
  url: Uint8Array,
  onLeaf: OnLeaf,
): boolean => {
  if (length < 2 || bytes[0] !== OPEN) return false;
  // Lengths of the addresses of the open nodes.
  const open: number[] = [];
  let prefixLength = 0;
  let leaves = 0;
  let at = 1;
  while (at < length) {
    if (bytes[at] === CLOSE) {
      at++;
      const parent = open.pop();
      if (parent === undefined) return at === length;
      prefixLength = parent;
      if (bytes[at] === COMMA) at++;
      continue;
    }
    const keyEnd = bytes[at] === QUOTE ? closingQuote(bytes, at + 1, length) : -1;
    if (keyEnd === -1 || bytes[keyEnd + 1] !== COLON) return false;
    const urlLength = addPiece(url, prefixLength, bytes, at + 1, keyEnd);
    if (urlLength === -1) return false;
    at = keyEnd + 2;
    if (bytes[at] === OPEN) {
      if (open.length >= MAX_DEPTH) return false;
      open.push(prefixLength);
      prefixLength = urlLength;
      at++;
      continue;
    }
    const valueEnd = bytes[at] === QUOTE ? closingQuote(bytes, at + 1, length) : -1;
    if (valueEnd === -1 || ++leaves > MAX_LEAVES) return false;
    onLeaf(urlLength, at + 1, valueEnd);
    at = valueEnd + 1;
    if (bytes[at] === COMMA) at++;
  }
  return false;
};

/** Place of the quote that ends a JSON string that begins at `from`, -1 when there is none. */
const closingQuote = (bytes: Uint8Array, from: number, length: number): number => {
  for (let index = from; index < length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index++;
  }
  return -1;
};

/** Writes a piece behind the address of its node and gives the new length, -1 when it becomes too long. */
const addPiece = (
  url: Uint8Array,
  prefixLength: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number => {
  if (to - from === 1 && bytes[from] === PIPE) return prefixLength;
  if (prefixLength + to - from > url.length) return -1;
  let length = prefixLength;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (byte !== BACKSLASH) url[length++] = byte;
    // Of the escapes, `\n` is Boomerang's own and goes; of the others the character is what matters here.
    else if (bytes[++index] !== LETTER_N) url[length++] = bytes[index] ?? 0;
  }
  return length;
};

const LETTER_N = 0x6e;
