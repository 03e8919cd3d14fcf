import type { IncomingHttpHeaders } from 'node:http';
import { KNOWN_HEADERS } from '#journal';

/** Known to the journal and yet never kept: what no field of a beacon is made of. */
const NOT_KEPT: ReadonlySet<string> = new Set(['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']);
/** Kept only when they come from a trusted proxy, after all others. */
const ONLY_OF_PROXIES: readonly string[] = ['cf-ipcountry', 'cf-ipcity'];
/**
 * The request headers that are kept with a beacon; all others, cookies and authorization above all, never reach the disk.
 * `host` tells sites apart when a beacon names no page.
 */
const KEPT: readonly string[] = KNOWN_HEADERS.filter(
  (name) => !NOT_KEPT.has(name) && !ONLY_OF_PROXIES.includes(name),
);
const KEPT_OF_PROXIES: readonly string[] = [...KEPT, ...ONLY_OF_PROXIES];

/** Longer values are cut. */
const MAX_VALUE_LENGTH = 4_096;

/**
 * Picks what is kept, always in the same order. Of a header that came more than once, Node has kept the first or joined all of
 * them, as the header allows.
 */
export const keepHeaders = (
  headers: IncomingHttpHeaders,
  fromTrustedProxy: boolean,
): readonly (readonly [string, string])[] => {
  const kept: (readonly [string, string])[] = [];
  for (const name of fromTrustedProxy ? KEPT_OF_PROXIES : KEPT) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    kept.push([name, value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value]);
  }
  return kept;
};
