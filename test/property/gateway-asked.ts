import fc from 'fast-check';
import type { Sent, World } from '../support/gateway-world.ts';
import { type DrawnToken, token, tokenText } from './gateway-tokens.ts';
import { idOf, type Name, TENANTS } from './gateway-worlds.ts';

/** A request from outside. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
  /** null: none is sent. */
  readonly body: string | null;
  readonly tenant: Name;
  readonly token: DrawnToken;
  /** An internal header that the client makes up. */
  readonly forged: string | null;
}

/** Value of all that is made up. */
export const CANARY = 'c4n4ry';

const FORGEABLE = [
  'X-Okapi-User-Id',
  'x_okapi_permissions',
  'X-Okapi-Match-Path-Pattern',
  'X-OKAPI-Url',
  'x-okapi-module-tokens',
  'X_Okapi_Tenant',
] as const;

const BODIES = [
  null,
  '{}',
  '{"domain":"x"}',
  '{"domain":"x"}',
  '{"domain":"y"}',
  '{"domain":"x","domain":"y"}',
  'no JSON',
];

/** Any request. */
export const asked: fc.Arbitrary<Asked> = fc
  .record({
    method: fc.constantFrom('GET' as const, 'GET' as const, 'POST' as const),
    path: fc.constantFrom('/one', '/one', '/two', '/chain', '/home', '/one/%2e', '/one/a%2Fb', '/nowhere'),
    query: fc.constantFrom('', '', '?site=x', '?site=x', '?site=y', '?site=y&site=x'),
    body: fc.constantFrom(...BODIES),
    tenant: fc.constantFrom(...TENANTS),
    asksAtHome: fc.boolean(),
    token,
    forged: fc.option(fc.constantFrom(...FORGEABLE), { nil: null }),
  })
  .map(({ asksAtHome, ...drawn }) => ({
    ...drawn,
    body: drawn.method === 'GET' ? null : drawn.body,
    tenant: asksAtHome && drawn.token.kind !== 'none' ? drawn.token.from : drawn.tenant,
  }));

/** Some requests. */
export const requests = fc.array(asked, { minLength: 1, maxLength: 4 });

/** A plain request of somebody who is signed in. */
export const plain = (path: string, tenant: Name, from: Name): Asked => ({
  method: 'GET',
  path,
  query: '',
  body: null,
  tenant,
  token: { kind: 'good', from },
  forged: null,
});

/** A request as it is sent; `more` are further headers. */
export const requestOf = (
  { method, path, query, body, tenant, token: drawn, forged }: Asked,
  world: World,
  more: Readonly<Record<string, string>> = {},
): Sent => {
  const text = tokenText(drawn, world);
  return {
    method,
    path: path + query,
    headers: {
      'x-okapi-tenant': tenant,
      ...(text === null ? {} : { 'x-okapi-token': text }),
      ...(drawn.kind === 'of a module' ? { 'x-trail': idOf('two') } : {}),
      ...(forged === null ? {} : { [forged]: CANARY }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...more,
    },
    ...(body === null ? {} : { body }),
  };
};
