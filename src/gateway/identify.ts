import type { IncomingMessage } from 'node:http';
import { type Caller, workingTenantOf } from './caller.ts';
import { readEdgeHeaders } from './edge-headers.ts';
import type { RequestHeaders } from './header-rules.ts';
import { type Refusal, quoted, refuse } from './refusal.ts';
import { extendRequestId } from './request-id.ts';
import { splitTarget, type Target } from './target.ts';
import { findToken } from './token-source.ts';
import type { Tokens, Verification } from './tokens.ts';

/** Who asks for what, for which tenant: the request before anything is decided. */
export interface Identified {
  readonly kind: 'identified';
  readonly requestId: string;
  readonly target: Target;
  readonly method: string;
  readonly caller: Caller;
  readonly requestedTenant: string;
  /** `X-Okapi-Module-Id`; null when absent. */
  readonly moduleId: string | null;
  /** What may go on to modules. */
  readonly headers: RequestHeaders;
  /** The token came in a cookie, so a browser may have sent it without being asked to. */
  readonly fromCookie: boolean;
  /** What the request is allowed may come from a cookie: the token, or the refresh token that a module reads. */
  readonly usesCookie: boolean;
  /** `X-Okapi-Trace` was sent. */
  readonly wantsTrace: boolean;
}

/**
 * Reads request line, tenant and token of a request from outside. Nothing is taken from an unverified token and there is no
 * default tenant.
 */
export const identify = (
  request: IncomingMessage,
  tokens: Tokens,
  maxUrlLength: number,
): Identified | Refusal => {
  const target = splitTarget(request.url ?? '', maxUrlLength);
  if (target.kind === 'refused') return target;
  return identifyTarget(request, target, tokens);
};

/** As `identify`, for a target that was split before. */
export const identifyTarget = (
  request: IncomingMessage,
  target: Target,
  tokens: Tokens,
): Identified | Refusal => {
  const edge = readEdgeHeaders(request.rawHeaders);
  if (edge.kind === 'refused') return edge;
  const found = findToken(edge);
  if (found.kind === 'refused') return found;

  const named = tenantNamed(edge.tenant, target.invokedTenant);
  if (named !== null && typeof named === 'object') return named;
  let caller: Caller = anonymous;
  if (found.token !== null) {
    const verification = tokens.verify(found.token);
    if (verification.kind === 'verified') {
      const { claims } = verification;
      if (claims.kind === 'refresh') return invalidToken('a refresh token was sent as access token');
      caller = claims.kind === 'module' ? { kind: 'module', claims } : { kind: 'user', claims };
    } else if (verification.reason === 'foreign' && named !== null) {
      caller = { kind: 'foreign', token: found.token };
    } else return badToken(verification, named, found.token);
  }
  const requestedTenant = named ?? workingTenantOf(caller);
  if (requestedTenant === null)
    return refuse(400, 'GATEWAY_TENANT_MISSING', 'Missing header: X-Okapi-Tenant');
  return {
    kind: 'identified',
    requestId: extendRequestId(edge.requestId, target.path),
    target,
    method: request.method ?? 'GET',
    caller,
    requestedTenant,
    moduleId: edge.moduleId,
    headers: edge.headers,
    fromCookie: found.fromCookie,
    // A page of another origin cannot set the headers of a token.
    usesCookie: found.fromCookie || (found.hasSessionCookie && found.token === null),
    wantsTrace: edge.wantsTrace,
  };
};

const anonymous: Caller = { kind: 'anonymous' };

/** The path's tenant and the header's must agree; neither is preferred. */
const tenantNamed = (header: string | null, invoked: string | null): string | null | Refusal => {
  if (header !== null && !isTenantName(header)) return noSuchTenant(header);
  if (invoked !== null && !isTenantName(invoked)) return noSuchTenant(invoked);
  if (header !== null && invoked !== null && header !== invoked)
    return refuse(
      400,
      'GATEWAY_TENANT_CONFLICT',
      'Different tenants in path and X-Okapi-Tenant. Use only one of them',
    );
  return invoked ?? header;
};

const isTenantName = (name: string): boolean => /^[a-z][a-z0-9_]{0,30}$/.test(name);

const noSuchTenant = (name: string): Refusal =>
  refuse(400, 'GATEWAY_TENANT_UNKNOWN', `No such Tenant ${quoted(name)}`);

const badToken = (
  verification: Extract<Verification, { kind: 'refused' }>,
  named: string | null,
  token: string,
): Refusal => {
  if (verification.reason === 'malformed' && named === null)
    return refuse(
      400,
      'GATEWAY_TOKEN_MALFORMED',
      `Invalid Token: ${token.includes('.') ? 'not base64url in three parts' : 'Missing . separator for token'}`,
    );
  return invalidToken(`token refused: ${verification.reason}`);
};

const invalidToken = (why: string): Refusal => refuse(401, 'GATEWAY_TOKEN_INVALID', 'Invalid token', why);
