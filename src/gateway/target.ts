import { type Refusal, refuse } from './refusal.ts';

/** The target of a request, in origin form. What is matched is what is forwarded: nothing is decoded or normalised. */
export interface Target {
  readonly kind: 'target';
  /** Path without query. */
  readonly path: string;
  /** Path and query. */
  readonly uri: string;
  /** Query without `?`; empty when there is none. */
  readonly query: string;
  /** Tenant of `/_/invoke/tenant/{id}/…`; path and uri are then what follows it. */
  readonly invokedTenant: string | null;
}

/** Splits and judges a request target. */
export const splitTarget = (url: string, maxLength: number): Target | Refusal => {
  if (url.length > maxLength) return refuse(414, 'GATEWAY_URI_TOO_LONG', 'Your request URI is too long.');
  if (url.charCodeAt(0) !== 47)
    return refuse(400, 'GATEWAY_TARGET_FORM', 'Only targets that begin with / are served');
  if (!url.startsWith('/_/invoke/')) return split(url, null);
  const rest = /^\/_\/invoke\/tenant\/([^/?#]*)(\/[^?#]*)(.*)$/.exec(url);
  if (rest === null) return split(url, null);
  const [, tenant = '', path = '', tail = ''] = rest;
  if (tenant.includes('${') || tenant.toLowerCase().includes('%7b'))
    return refuse(400, 'GATEWAY_TENANT_UNKNOWN', 'tenantId must not contain ${');
  return split(path + tail, tenant);
};

const split = (url: string, invokedTenant: string | null): Target | Refusal => {
  const hash = url.indexOf('#');
  const uri = hash === -1 ? url : url.slice(0, hash);
  const mark = uri.indexOf('?');
  const path = mark === -1 ? uri : uri.slice(0, mark);
  if (encodesNeedlessly(path))
    return refuse(
      400,
      'GATEWAY_PATH_AMBIGUOUS',
      'The path encodes a letter, a digit or one of - . _ ~ with %; send it as it is',
    );
  if (mayBeRead(path))
    return { kind: 'target', path, uri, query: mark === -1 ? '' : uri.slice(mark + 1), invokedTenant };
  return refuse(
    400,
    'GATEWAY_PATH_AMBIGUOUS',
    'The path has a segment . or .. or a character that servers read differently',
  );
};

/**
 * A path that the gateway and a module could read differently is refused: `..` and `.` as a segment, also encoded, and `\`.
 * Otherwise a route of one permission would reach the code of another.
 */
const mayBeRead = (path: string): boolean => {
  if (path.includes('\\')) return false;
  if (!path.includes('.') && !path.includes('%')) return true;
  for (const segment of path.split('/')) {
    if (segment.length > 9 || segment === '') continue;
    const [bare = ''] = segment.toLowerCase().replaceAll('%2e', '.').split(';', 1);
    if (bare === '.' || bare === '..') return false;
  }
  return !/%(?:00|5c)/i.test(path);
};

/**
 * `%6eotes` is `notes` to everything that decodes, and another path to rules and patterns, which would be passed by. RFC 3986 (2.3) has the two the same,
 * and nobody who encodes by it writes the first. The gateway's own paths are decoded by itself.
 */
const encodesNeedlessly = (path: string): boolean =>
  path.includes('%') && !path.startsWith('/_/') && unreserved.test(path);

/** `-`, `.`, digits, letters, `_` and `~`. */
const unreserved = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/i;
