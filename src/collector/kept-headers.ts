import type { IncomingHttpHeaders } from 'node:http';

/**
 * The request headers that are kept with a beacon; all others, cookies and authorization above all, never reach the disk.
 * `host` tells sites apart when a beacon names no page.
 */
const KEPT: readonly string[] = [
  'user-agent',
  'accept-language',
  'referer',
  'origin',
  'content-type',
  'host',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-ch-ua-platform-version',
  'sec-ch-ua-full-version-list',
  'sec-ch-ua-model',
  'sec-ch-ua-arch',
  'sec-ch-ua-bitness',
  'sec-ch-ua-form-factors',
  'sec-gpc',
  'dnt',
  'save-data',
  'purpose',
  'sec-purpose',
];
/** Kept only when they come from a trusted proxy. */
const KEPT_OF_PROXIES: readonly string[] = [...KEPT, 'cf-ipcountry', 'cf-ipcity'];

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
