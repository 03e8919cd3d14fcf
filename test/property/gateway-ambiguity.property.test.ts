import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asked, type Asked, CANARY, requestOf } from './gateway-asked.ts';
import { claimsOf, isFilter } from './gateway-calls.ts';
import { inAnyWorld, runs } from './gateway-runs.ts';
import { type Spied, withSpied } from './gateway-spied.ts';
import { provedBy, tokenText } from './gateway-tokens.ts';
import { state, TENANTS } from './gateway-worlds.ts';

/** Ways to say two things at once: headers (names and values), or a path, that go with the request. */
const CONFLICTS: Readonly<
  Record<
    string,
    (mine: { tenant: string; token: string; other: string; otherToken: string }) => readonly string[]
  >
> = {
  'two tenants': ({ other }) => ['X-Okapi-Tenant', other],
  'the same tenant twice': ({ tenant }) => ['X-OKAPI-TENANT', tenant],
  'two tokens': ({ otherToken }) => ['X-Okapi-Token', otherToken],
  'another token in Authorization': ({ otherToken }) => ['Authorization', `Bearer ${otherToken}`],
  'two Authorizations': ({ token }) => ['Authorization', token, 'Authorization', token],
  'another token in the cookie': ({ otherToken }) => ['Cookie', `folioAccessToken=${otherToken}`],
  'two cookies': ({ token }) => ['Cookie', `folioAccessToken=${token}; folioAccessToken=${token}`],
  'two request ids': () => ['X-Okapi-Request-Id', '1/a', 'X-Okapi-Request-Id', '2/b'],
  'two module ids': () => ['X-Okapi-Module-Id', 'a-1.0.0', 'X-Okapi-Module-Id', 'b-1.0.0'],
  'Connection: x-okapi-tenant': () => ['Connection', 'x-okapi-tenant'],
  'Connection: X-Okapi-Token among others': () => ['Connection', 'keep-alive, X-Okapi-Token'],
  'Connection: x_okapi_user_id': () => ['Connection', 'close , x_okapi_user_id'],
  'Connection: of an own header': () => ['Connection', 'x-mine', 'X-Mine', CANARY],
};

/** The request with its own headers as a flat list, so that names can come twice. */
const flat = (request: Asked, spied: Spied, more: readonly string[]) => {
  const { headers = {}, ...rest } = requestOf(request, spied.world);
  return { ...rest, headers: [...Object.entries(headers).flat(), ...more] as readonly string[] };
};

describe.each(Object.keys(CONFLICTS))('I-12: %s', (conflict) => {
  test('is refused, and nobody is called', () =>
    withSpied(async (spied) => {
      await fc.assert(
        fc.asyncProperty(
          state,
          asked.filter(({ token }) => provedBy(token) !== null),
          fc.constantFrom(...TENANTS),
          async (world, request, other) => {
            spied.set(world);
            spied.seen.length = 0;
            const token = tokenText(request.token, spied.world) ?? '';
            const otherToken = tokenText({ kind: 'good', from: other }, spied.world) ?? '';
            const more = CONFLICTS[conflict]?.({ tenant: request.tenant, token, other, otherToken }) ?? [];
            const answer = await spied.world.send(flat(request, spied, more));
            expect(answer.status).toBe(400);
            expect(spied.seen).toEqual([]);
          },
        ),
        runs(1, 0.1),
      );
    }));
});

test('I-12: another tenant in path and header is refused, and nobody is called', () =>
  withSpied(async (spied) => {
    await fc.assert(
      fc.asyncProperty(state, asked, fc.constantFrom(...TENANTS), async (world, request, other) => {
        spied.set(world);
        spied.seen.length = 0;
        const path = `/_/invoke/tenant/${other}${request.path}`;
        const { status } = await spied.send({ ...request, path });
        if (other === request.tenant) return;
        expect(status).toBe(provedBy(request.token) === null && status === 401 ? 401 : 400);
        expect(spied.seen).toEqual([]);
      }),
      runs(1, 0.25),
    );
  }));

test('I-12: when header and token name different tenants the header’s is meant, or the request is refused', () =>
  inAnyWorld(['in process', 1], (calls, { tenant, token }) => {
    const from = provedBy(token);
    if (from === null || token.kind !== 'good' || from === tenant) return;
    const [first] = calls;
    if (first === undefined) return;
    // A module that is executed where the user belongs is the one exception that the reference names.
    const isAtHome = first.tenant === from && first.path.startsWith('/home');
    expect(first.tenant === tenant || isAtHome || isFilter(first)).toBe(true);
    expect(claimsOf(first)['origin']).toBe(from);
  }));
