/** What a request asks of the collector. */
export type Target =
  | { readonly kind: 'beacon'; readonly query: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'other' };

const BEACON_PATH = '/beacon/catcher';
const HEALTH_PATH = '/health';
const HEALTH: Target = { kind: 'health' };
const OTHER: Target = { kind: 'other' };

/** Reads the target of a request line: a path with or without a query, or an absolute address (RFC 9112, 3.2.2). */
export const readTarget = (url: string): Target => {
  const path = url.startsWith('/') ? url : pathOfAbsolute(url);
  if (path.startsWith(BEACON_PATH)) {
    if (path.length === BEACON_PATH.length) return { kind: 'beacon', query: '' };
    if (path.charCodeAt(BEACON_PATH.length) === 0x3f)
      return { kind: 'beacon', query: path.slice(BEACON_PATH.length + 1) };
  }
  return path === HEALTH_PATH || path.startsWith(`${HEALTH_PATH}?`) ? HEALTH : OTHER;
};

const pathOfAbsolute = (url: string): string => {
  const afterScheme = /^https?:\/\//i.exec(url)?.[0].length ?? 0;
  if (afterScheme === 0) return '';
  const slash = url.indexOf('/', afterScheme);
  return slash === -1 ? '/' : url.slice(slash);
};
