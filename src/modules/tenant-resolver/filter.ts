import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Log } from '#core';
import type { TenantRegistry } from '#tenants';
import { type Proposal, proposeTenant } from './proposal.ts';

/** Answers one request of a gateway to the filter. */
export type TenantFilter = (request: IncomingMessage, response: ServerResponse) => void;

/** What the filter needs. */
export interface TenantFilterDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The tenant resolver as a module of its own: a `pre` filter of type `headers` over HTTP. 200 with `X-Okapi-Tenant` when a rule of a relation
 * says so, 200 without it when the tenant stays, 4xx with the reason when a rule claims the request and cannot be obeyed. It trusts
 * the gateway that calls it, as every module does: it must not be reachable for anybody else.
 */
export const createTenantFilter =
  ({ registry, clock, log }: TenantFilterDeps): TenantFilter =>
  (request, response) => {
    request.resume();
    const proposal = propose(request, registry, clock);
    if (proposal.kind === 'refuse') {
      log.warn('request_refused', { status: proposal.status, reason: proposal.message });
      response.writeHead(proposal.status, { 'content-type': 'text/plain' }).end(proposal.message);
      return;
    }
    if (proposal.kind === 'replace') response.setHeader('x-okapi-tenant', proposal.tenant);
    response.writeHead(200, { 'content-length': 0 }).end();
  };

const propose = (
  { method = 'GET', url = '/', headers }: IncomingMessage,
  registry: Pick<TenantRegistry, 'current'>,
  clock: Clock,
): Proposal => {
  // A gateway's own question (is it alive? a tenant was enabled) is no request to be filtered.
  if (headers['x-okapi-filter'] === undefined) return { kind: 'stay', why: 'not asked as a filter' };
  const cut = url.indexOf('?');
  return proposeTenant(
    {
      method,
      path: cut === -1 ? url : url.slice(0, cut),
      query: new URLSearchParams(cut === -1 ? '' : url.slice(cut + 1)),
      tenant: textOf(headers, 'x-okapi-tenant') ?? '',
      originTenant: originOf(textOf(headers, 'x-okapi-token')),
    },
    registry.current(),
    clock.now(),
  );
};

const textOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const LONGEST_TOKEN = 16_384;

/**
 * Where the acting user belongs: the claim `origin` of our own tokens, else `tenant`, which is all that Okapi's have. Not verified: the auth
 * filter of the gateway has done so, and only it has the key. A token without a user names nobody.
 */
const originOf = (token: string | undefined): string | null => {
  if (token === undefined || token.length > LONGEST_TOKEN) return null;
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
  if (typeof claims !== 'object' || claims === null) return null;
  const text = (name: string): string | null => {
    const value: unknown = Object.hasOwn(claims, name) ? Reflect.get(claims, name) : null;
    return typeof value === 'string' ? value : null;
  };
  return text('user_id') === null ? null : (text('origin') ?? text('tenant'));
};
