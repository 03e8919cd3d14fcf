const SLASH = 0x2f;

/**
 * Creates a reader of host names of addresses (as they are written, lower case, no port; empty: none). Neighbours in a trie mostly have
 * the same one, so it remembers the last.
 */
export const createHostReader = (): ((url: Uint8Array, length: number) => string) => {
  let last = '';
  let lastStart = -1;
  let lastBytes = new Uint8Array(0);
  return (url, length) => {
    const start = hostStart(url, length);
    if (start === -1) return '';
    let end = start;
    while (end < length && !isHostEnd(url[end] ?? 0)) end++;
    if (start === lastStart && isSame(url, start, end, lastBytes)) return last;
    lastStart = start;
    lastBytes = url.slice(start, end);
    last = Buffer.from(lastBytes).toString('latin1').toLowerCase();
    return last;
  };
};

const MAX_SCHEME = 12;

/** Behind the first `//`, -1 when there is none near the beginning. */
const hostStart = (url: Uint8Array, length: number): number => {
  for (let index = 1; index < length && index < MAX_SCHEME; index++)
    if (url[index] === SLASH && url[index - 1] === SLASH) return index + 1;
  return -1;
};

/** `/`, `:`, `?`, `#`. */
const isHostEnd = (byte: number): boolean =>
  byte === SLASH || byte === 0x3a || byte === 0x3f || byte === 0x23;

const isSame = (url: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean => {
  if (end - start !== bytes.length) return false;
  for (let index = start; index < end; index++) if (url[index] !== bytes[index - start]) return false;
  return true;
};
