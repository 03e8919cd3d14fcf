/**
 * Headers of a message, lower-case names. Plain objects, because copying them is seven times faster than of those without a
 * prototype (measured: 0.24 µs against 1.8); the two names that lower-case text shares with `Object.prototype` are dropped.
 */
export type HeaderMap = Record<string, string | readonly string[]>;

/** Headers of a request to a module: lower-case names, one value each. */
export type RequestHeaders = Record<string, string>;

/** What happens to a header that a client sends. */
export type EdgeRule = 'pass' | 'drop' | 'read' | 'connection' | 'refuse';

/**
 * Decides about a client's header by its lower-case name. `_` counts as `-`, because modules behind CGI-like servers cannot
 * tell them apart: an internal name in any spelling is dropped.
 */
export const edgeRule = (name: string): EdgeRule => {
  const rule = rules.get(name);
  if (rule !== undefined) return rule;
  if (name.includes('_')) {
    const canonical = name.replaceAll('_', '-');
    return isInternal(canonical) || rules.has(canonical) ? 'drop' : 'pass';
  }
  return isInternal(name) ? 'drop' : 'pass';
};

/** Is this (lower-case) name the gateway's own, in any spelling? */
export const isInternal = (name: string): boolean =>
  name.charCodeAt(0) === 120 && name.length > 7 && name.replaceAll('_', '-').startsWith('x-okapi-');

/** May an answer's header be handed on to later entries of the pipeline as Okapi does with every `X-` header? */
export const mayRelay = (name: string, allowed: ReadonlySet<string> | null): boolean =>
  name.startsWith('x-') &&
  !isInternal(name) &&
  edgeRule(name) === 'pass' &&
  (allowed === null || allowed.has(name));

/** Headers of one connection (RFC 9110 7.6.1); never forwarded in either direction. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Names that `Connection` may list. */
export const connectionOptions: ReadonlySet<string> = new Set([...hopByHop, 'close', '']);

const rules: ReadonlyMap<string, EdgeRule> = new Map<string, EdgeRule>([
  ...[...hopByHop].map((name) => [name, 'drop'] as const),
  ['connection', 'connection'],
  ['upgrade', 'refuse'],
  ['host', 'drop'],
  ['content-length', 'drop'],
  ['expect', 'drop'],
  ['x-okapi-tenant', 'read'],
  ['x-okapi-token', 'read'],
  ['x-okapi-request-id', 'read'],
  ['x-okapi-module-id', 'read'],
  ['x-rumbrella-signature', 'read'],
  ['authorization', 'read'],
  ['cookie', 'read'],
  ['x-forwarded-for', 'drop'],
  ['x-forwarded-host', 'drop'],
  ['x-forwarded-port', 'drop'],
  ['x-forwarded-proto', 'drop'],
  ['x-forwarded-prefix', 'drop'],
  ['x-real-ip', 'drop'],
  ['x-system-token', 'drop'],
  ['x-original-url', 'drop'],
  ['x-rewrite-url', 'drop'],
  ['x-http-method', 'drop'],
  ['x-http-method-override', 'drop'],
  ['x-method-override', 'drop'],
  ['forwarded', 'drop'],
  ['__proto__', 'drop'],
  ['constructor', 'drop'],
]);
