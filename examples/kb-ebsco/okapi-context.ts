import type { IncomingMessage } from 'node:http';
import { request } from 'undici';
import { isSigned, sign, SIGNATURE_HEADER } from './instance-signature.ts';

/** For whom a request is executed, as the gateway says it in the headers. */
export interface OkapiContext {
  readonly url: string;
  readonly tenant: string;
  readonly token: string;
  readonly userId: string;
  readonly requestId: string;
  /** Shared with the gateway; empty: nothing is signed. */
  readonly secret: string;
}

/** The token is of another tenant or for another module, or something is missing. */
export class ContextError extends Error {}

/** The request is not signed with the secret of this instance: it does not come from the gateway. */
export class StrangerError extends Error {}

/**
 * Reads the context and refuses it unless the token is one for this module (`moduleId`) and for the tenant of the header. The gateway guarantees both; a
 * module that checks them again is not misled by another module that sends on the token that it was given, or a header of its own. With a
 * secret it is also known that the gateway has sent it.
 */
export const readContext = (
  { headers, method = '', url: target = '' }: IncomingMessage,
  moduleId: string,
  secret = '',
): OkapiContext => {
  if (secret !== '' && !isSigned(secret, { from: 'gateway', method, target, headers }))
    throw new StrangerError("x-rumbrella-signature is not the gateway's");
  const one = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const context = {
    url: one('x-okapi-url'),
    tenant: one('x-okapi-tenant'),
    token: one('x-okapi-token'),
    userId: one('x-okapi-user-id'),
    requestId: one('x-okapi-request-id'),
    secret,
  };
  if (context.tenant === '') throw new ContextError('x-okapi-tenant header must be provided');
  const { tenant, aud, module } = claimsOf(context.token);
  if (tenant !== context.tenant) throw new ContextError('header and token name different tenants');
  // Ours names the module in `aud`, one of Okapi's mod-authtoken in `module`.
  if ((aud ?? module) !== moduleId) throw new ContextError('the token is for another module');
  return context;
};

/** Calls another module, or this one, through the gateway, in the same context. */
export const callGateway = async (
  context: OkapiContext,
  path: string,
): Promise<{ status: number; body: unknown }> => {
  const headers = {
    'x-okapi-tenant': context.tenant,
    'x-okapi-token': context.token,
    'x-okapi-request-id': context.requestId,
    accept: 'application/json',
  };
  const signed = { from: 'module', method: 'GET', target: path, headers } as const;
  const answer = await request(`${context.url}${path}`, {
    headers:
      context.secret === '' ? headers : { ...headers, [SIGNATURE_HEADER]: sign(context.secret, signed) },
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: answer.statusCode === 200 ? JSON.parse(text) : text };
};

const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof payload === 'object' && payload !== null ? { ...payload } : {};
  } catch {
    return {};
  }
};
