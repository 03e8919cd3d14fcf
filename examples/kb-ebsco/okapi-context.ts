import type { IncomingMessage } from 'node:http';
import { request } from 'undici';

/** For whom a request is executed, as the gateway says it in the headers. */
export interface OkapiContext {
  readonly url: string;
  readonly tenant: string;
  readonly token: string;
  readonly userId: string;
  readonly requestId: string;
}

/** Header and token name different tenants, or something is missing. */
export class ContextError extends Error {}

/**
 * Reads the context and refuses it when the token's tenant is not the header's. The gateway guarantees that they agree; a module
 * that checks it again cannot be misled by anything else that reaches its port.
 */
export const readContext = ({ headers }: IncomingMessage): OkapiContext => {
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
  };
  if (context.tenant === '') throw new ContextError('x-okapi-tenant header must be provided');
  if (context.token !== '' && tenantOf(context.token) !== context.tenant) {
    throw new ContextError('header and token name different tenants');
  }
  return context;
};

/** Calls another module, or this one, through the gateway, in the same context. */
export const callGateway = async (
  context: OkapiContext,
  path: string,
): Promise<{ status: number; body: unknown }> => {
  const answer = await request(`${context.url}${path}`, {
    headers: {
      'x-okapi-tenant': context.tenant,
      'x-okapi-token': context.token,
      'x-okapi-request-id': context.requestId,
      accept: 'application/json',
    },
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: answer.statusCode === 200 ? JSON.parse(text) : text };
};

const tenantOf = (token: string): string => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof payload === 'object' && payload !== null && 'tenant' in payload
      ? String(payload.tenant)
      : '';
  } catch {
    return '';
  }
};
