import { siteOf } from '../enrich/site.ts';

/** Tells own resources from those of other sites. */
export interface ForeignHosts {
  /** Is the address (so many bytes of `url`) of another site than the page? Relative addresses are not. */
  has(url: Uint8Array, length: number): boolean;
  /** Number of different host names for which `has` was true. */
  count(): number;
}

const SLASH = 0x2f;

/** Creates it for a page. Neighbours in a trie mostly have the same host, so the last answer is remembered. */
export const createForeignHosts = (pageHost: string): ForeignHosts => {
  const pageSite = siteOf(pageHost);
  const foreign = new Set<string>();
  let last = new Uint8Array(0);
  let lastStart = -1;
  let isLastForeign = false;

  const has = (url: Uint8Array, length: number): boolean => {
    const start = hostStart(url, length);
    if (start === -1) return false;
    if (start === lastStart && isHost(url, length, start, last)) return isLastForeign;
    let end = start;
    while (end < length && !isHostEnd(url[end])) end++;
    last = new Uint8Array(url.subarray(start, end));
    lastStart = start;
    const host = Buffer.from(last).toString('latin1').toLowerCase();
    isLastForeign = host !== '' && host !== pageHost && siteOf(host) !== pageSite;
    if (isLastForeign) foreign.add(host);
    return isLastForeign;
  };
  return { has, count: () => foreign.size };
};

const LONGEST_SCHEME = 12;

/** Behind the first `//`, -1 when there is none near the beginning. */
const hostStart = (url: Uint8Array, length: number): number => {
  const end = Math.min(length, LONGEST_SCHEME);
  for (let index = 1; index < end; index++)
    if (url[index] === SLASH && url[index - 1] === SLASH) return index + 1;
  return -1;
};

/** Does exactly this host stand there? */
const isHost = (url: Uint8Array, length: number, start: number, host: Uint8Array): boolean => {
  const end = start + host.length;
  if (end > length || (end < length && !isHostEnd(url[end]))) return false;
  for (let index = 0; index < host.length; index++) if (url[start + index] !== host[index]) return false;
  return true;
};

/** `/`, `:`, `?`, `#`. */
const isHostEnd = (byte: number | undefined): boolean =>
  byte === SLASH || byte === 0x3a || byte === 0x3f || byte === 0x23;
