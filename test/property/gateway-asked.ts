import fc from 'fast-check';
import { createTokens } from '#gateway';
import { NOON, type Sent, type World } from '../support/gateway-world.ts';
import { idOf, mostlyFirst, type Name, TENANTS } from './gateway-worlds.ts';

/** Kinds of tokens that prove nobody. */
const BAD = [
  'expired',
  'revoked',
  'of an ended session',
  'of another key',
  'of no algorithm',
  'for refreshing',
] as const;

/** With what a request is signed: nothing, a good token, one of the bad kinds, or that of a module whose relation has ended. */
export type DrawnToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'good' | (typeof BAD)[number]; readonly from: Name }
  | { readonly kind: 'of a module'; readonly from: Name; readonly at: Name };

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

/** Tenant of the user who is proved by a token; null: nobody is. */
export const provedBy = (token: DrawnToken): Name | null =>
  token.kind === 'good' || token.kind === 'of a module' ? token.from : null;

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

const token: fc.Arbitrary<DrawnToken> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'none' } as const) },
  { weight: 14, arbitrary: mostlyFirst.map((from) => ({ kind: 'good', from }) as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom(...BAD), from: mostlyFirst }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('of a module' as const),
      from: mostlyFirst,
      at: fc.constantFrom(...TENANTS),
    }),
  },
);

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

/** Id of a tenant's one user. */
export const userOf = (tenant: string): string => `user-${tenant}`;

/** User and session that are over (the auth filter of a world knows them). */
export const REVOKED_USER = 'user-revoked';
export const ENDED_SESSION = 'session-ended';

const otherKey = new Uint8Array(32).fill(9);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The text of a token in a world; null: none. */
export const tokenText = (drawn: DrawnToken, { tokens, clock }: World): string | null => {
  if (drawn.kind === 'none') return null;
  const user = { tenant: drawn.from, userId: userOf(drawn.from), subject: 'anna' };
  switch (drawn.kind) {
    case 'good':
      return tokens.mintAccess({ ...user, expiresAt: clock.now() + 600_000 }).token;
    case 'expired':
      return tokens.mintAccess({ ...user, expiresAt: clock.now() - 31_000 }).token;
    case 'revoked':
      return tokens.mintAccess({ ...user, userId: REVOKED_USER }).token;
    case 'of an ended session':
      return tokens.mintAccess({ ...user, id: ENDED_SESSION }).token;
    case 'of another key':
      return createTokens({ key: otherKey }, clock).mintAccess(user).token;
    case 'of no algorithm': {
      const [, payload] = tokens.mintAccess(user).token.split('.');
      return `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`;
    }
    case 'for refreshing':
      return tokens.mintRefresh(user, 'refresh-1').token;
    case 'of a module':
      return tokens.mintModule({
        module: idOf('two'),
        tenant: drawn.at,
        originTenant: drawn.from,
        userId: user.userId,
        subject: user.subject,
        actors: [],
        relation: drawn.at === drawn.from ? null : 'ended',
        hop: 0,
        transaction: '000001/two',
        entry: 0,
        expiresAt: NOON * 2,
      });
  }
};

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
