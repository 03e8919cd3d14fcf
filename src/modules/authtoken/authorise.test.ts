import { describe, expect, test } from 'vitest';
import type { AuthorisationRequest, TokenFacts } from '#gateway/contract';
import { createAuthorise, matchesAny } from './authorise.ts';

const ANN = 'ann-id';
const token: TokenFacts = {
  kind: 'user',
  originTenant: 'agency',
  userId: ANN,
  subject: 'ann',
  callerModule: null,
  issuedAt: 1_000_000,
  expiresAt: 2_000_000,
};
const aRequest = (facts: Partial<AuthorisationRequest> = {}): AuthorisationRequest => ({
  requestId: '1/notes',
  tenant: 'agency',
  originTenant: 'agency',
  method: 'GET',
  path: '/notes',
  token,
  permissionsRequired: ['notes.item.post'],
  permissionsDesired: [],
  callerPermissions: [],
  relation: null,
  ceiling: null,
  requiresAccount: false,
  call: () => Promise.reject(new Error('the filter asks nobody over the gateway')),
  ...facts,
});
const world = (
  held: Readonly<Record<string, readonly string[]>>,
  active: boolean | null = true,
  voidBefore = 0,
  shadows: readonly string[] = [],
) =>
  createAuthorise({
    isActive: () => Promise.resolve(active),
    heldBy: (tenant) => Promise.resolve(held[tenant] === undefined ? null : new Set(held[tenant])),
    hasShadow: (...question) => Promise.resolve(shadows.includes(question.join(' '))),
    voidBefore: () => Promise.resolve(voidBefore),
  });
const inShop = { tenant: 'shop', relation: 'agency#1', ceiling: ['notes.*'] };

describe('the auth filter', () => {
  test('lets a user through who holds what is required, and names what is wanted of it', async () => {
    const authorise = world({ agency: ['notes.item.post', 'notes.item.get', 'users.all'] });
    expect(await authorise(aRequest({ permissionsDesired: ['notes.*'] }))).toEqual({
      kind: 'granted',
      userId: ANN,
      permissions: ['notes.item.get', 'notes.item.post'],
    });
  });

  test('refuses a user who lacks it, and says which', async () => {
    expect(await world({ agency: [] })(aRequest())).toEqual({
      kind: 'refused',
      status: 403,
      message: "Access for user 'ann' (ann-id) requires permission: notes.item.post",
    });
  });

  test('takes permissions at home into another tenant only within the ceiling', async () => {
    const authorise = world({ agency: ['notes.item.post', 'users.item.delete'] });
    expect(await authorise(aRequest(inShop))).toMatchObject({ kind: 'granted' });
    expect(
      await authorise(aRequest({ ...inShop, permissionsRequired: ['users.item.delete'] })),
    ).toMatchObject({
      kind: 'refused',
      status: 403,
    });
    expect(await authorise(aRequest({ ...inShop, ceiling: [] }))).toMatchObject({ kind: 'refused' });
  });

  test('of a relation that asks for an account lets in only whom the tenant has made one', async () => {
    const held = { agency: ['notes.item.post'], shop: ['notes.item.post'] };
    const asked = { ...inShop, requiresAccount: true, permissionsRequired: [] };
    const refused = {
      kind: 'refused',
      status: 403,
      message: "Access for user 'ann' (ann-id) requires an account in shop",
    };
    // An account with the same id is nobody's shadow yet.
    expect(await world(held)(aRequest(asked))).toEqual(refused);
    const withShadow = world(held, true, 0, ['shop ann-id agency']);
    expect(await withShadow(aRequest(asked))).toMatchObject({ kind: 'granted', userId: ANN });
    expect(await world(held, true, 0, ['shop ann-id other'])(aRequest(asked))).toEqual(refused);
    expect(await withShadow(aRequest({ ...asked, token: { ...token, userId: null } }))).toMatchObject({
      kind: 'refused',
      status: 403,
    });
    expect(await world(held)(aRequest({ requiresAccount: true }))).toMatchObject({ kind: 'granted' });
  });

  test('asks what is held at home with the sets of the tenant that is acted in', async () => {
    const asked: unknown[] = [];
    const authorise = createAuthorise({
      isActive: () => Promise.resolve(true),
      voidBefore: () => Promise.resolve(0),
      hasShadow: () => Promise.resolve(false),
      heldBy: (...question) => {
        asked.push(question);
        return Promise.resolve(question[0] === 'agency' ? new Set(['notes.item.post']) : null);
      },
    });
    await authorise(aRequest(inShop));
    expect(asked).toEqual([['agency', ANN, 'shop']]);
  });

  test('counts the account alone that the other tenant has made for the user, within no ceiling', async () => {
    const held = { agency: ['notes.item.post'], shop: ['users.item.delete'] };
    const authorise = world(held, true, 0, [`shop ${ANN} agency`]);
    expect(await authorise(aRequest(inShop))).toMatchObject({ kind: 'refused' });
    const remove = aRequest({ ...inShop, permissionsRequired: ['users.item.delete'] });
    expect(await authorise(remove)).toMatchObject({ kind: 'granted' });
  });

  test("takes an account there with the same id, made for nobody or for somebody of a third tenant, for somebody else's", async () => {
    const held = { agency: ['notes.item.post'], shop: ['users.item.delete'] };
    const authorise = world(held, true, 0, [`shop ${ANN} news`]);
    expect(await authorise(aRequest(inShop))).toMatchObject({ kind: 'granted' });
    const remove = aRequest({ ...inShop, permissionsRequired: ['users.item.delete'] });
    expect(await authorise(remove)).toMatchObject({ kind: 'refused', status: 403 });
  });

  test.each([
    ['is not active', false, 'user with id ann-id is not active'],
    ['does not exist', null, 'User with id ann-id does not exist'],
  ])('refuses a user who %s', async (_, active, message) => {
    const answer = await world({ agency: ['notes.item.post'] }, active)(aRequest());
    expect(answer).toMatchObject({ kind: 'refused', status: 401, message: expect.stringContaining(message) });
  });

  test('refuses a token from before the sessions were ended', async () => {
    const answer = await world({ agency: ['notes.item.post'] }, true, token.issuedAt + 1)(aRequest());
    expect(answer).toMatchObject({ kind: 'refused', status: 401 });
  });

  test('without a token grants only what needs no permission', async () => {
    const authorise = world({});
    expect(await authorise(aRequest({ token: null }))).toMatchObject({ kind: 'refused', status: 400 });
    expect(await authorise(aRequest({ token: null, permissionsRequired: [] }))).toEqual({
      kind: 'granted',
      userId: null,
      permissions: [],
    });
  });

  test('adds the permissions of the calling module, but lets nobody sign tokens as a user', async () => {
    const authorise = world({ agency: ['auth.signtoken'] });
    const sign = aRequest({ permissionsRequired: ['auth.signtoken'] });
    expect(await authorise(sign)).toMatchObject({ kind: 'refused', status: 401 });
    expect(await authorise({ ...sign, callerPermissions: ['auth.signtoken'] })).toMatchObject({
      kind: 'granted',
    });
  });
});

describe('a permission pattern', () => {
  test.each([
    ['notes.item.get', 'notes.*', true],
    ['notes.item.get', '*', true],
    ['notes.item.get', '*.get', true],
    ['notes.item.get', 'notes.*.get', true],
    ['notes.item.get', 'n*t*.i*m.*t', true],
    ['notes', 'notes.*', false],
    ['notesx.item.get', 'notes.*', false],
    ['aba', 'ab*ba', false],
    ['notes.item.get', '', false],
  ])('%s against %s: %s', (name, pattern, matches) => {
    expect(matchesAny(name, [pattern])).toBe(matches);
  });
});
