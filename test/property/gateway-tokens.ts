import fc from 'fast-check';
import { createTokens } from '#gateway';
import { NOON, type World } from '../support/gateway-world.ts';
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

/** Tenant of the user who is proved by a token; null: nobody is. */
export const provedBy = (token: DrawnToken): Name | null =>
  token.kind === 'good' || token.kind === 'of a module' ? token.from : null;

/** Any token, mostly a good one. */
export const token: fc.Arbitrary<DrawnToken> = fc.oneof(
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
