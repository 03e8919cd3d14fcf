import { connectionOptions, edgeRule, type RequestHeaders } from './header-rules.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The headers of a client, sorted: what the gateway reads, and what may go on to modules. */
export interface EdgeHeaders {
  readonly kind: 'headers';
  readonly tenant: string | null;
  readonly token: string | null;
  readonly authorization: string | null;
  readonly cookie: string | null;
  readonly requestId: string | null;
  readonly moduleId: string | null;
  readonly wantsTrace: boolean;
  readonly headers: RequestHeaders;
}

/** Headers of one request at most. */
export const maxHeaders = 100;

/**
 * Reads Node's flat list of names and values. Internal headers are left behind in every spelling; what could mean two
 * things (a second tenant, a `Connection` that names other headers, an upgrade) is refused.
 */
export const readEdgeHeaders = (raw: readonly string[]): EdgeHeaders | Refusal => {
  if (raw.length > maxHeaders * 2)
    return refuse(431, 'GATEWAY_TOO_MANY_HEADERS', 'Your HTTP request has too many header fields.');
  const headers: RequestHeaders = {};
  const read: Record<string, string | undefined> = {};
  let wantsTrace = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const rule = edgeRule(name);
    if (rule === 'pass') {
      const before = headers[name];
      headers[name] = before === undefined ? value : `${before}, ${value}`;
    } else if (rule === 'read') {
      if (read[name] !== undefined)
        return refuse(400, 'GATEWAY_HEADER_TWICE', `Header ${name} must not be sent more than once`);
      read[name] = value;
    } else if (rule === 'connection') {
      for (const option of value.split(','))
        if (!connectionOptions.has(option.trim().toLowerCase()))
          return refuse(400, 'GATEWAY_CONNECTION_OPTION', 'Connection must not name other headers');
    } else if (rule === 'refuse') {
      return refuse(400, 'GATEWAY_UPGRADE', 'Upgrade is not supported');
    } else if (name === 'x-okapi-trace') wantsTrace = true;
  }
  return {
    kind: 'headers',
    tenant: read['x-okapi-tenant'] ?? null,
    token: read['x-okapi-token'] ?? null,
    authorization: read['authorization'] ?? null,
    cookie: read['cookie'] ?? null,
    requestId: read['x-okapi-request-id'] ?? null,
    moduleId: read['x-okapi-module-id'] ?? null,
    wantsTrace,
    headers,
  };
};
