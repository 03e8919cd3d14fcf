import { afterEach, describe, expect, test } from 'vitest';
import type { Module } from '#gateway/contract';
import { createAuthorise } from '../../src/modules/authtoken/authorise.ts';
import {
  authModule,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';

// Nothing of a tenant is called for somebody of another one before it is known that he may (reliability.md 4.5 R4, R18; okapi.md 1.9).

const map = `
- user: { prefix: agency, expire: 2028-01-01 }
- user: { prefix: shop, expire: 2028-01-01 }
- user: { prefix: club, expire: 2028-01-01 }
- relation: { tenant: agency, executes_as: [shop], modules: [things], permissions: [things.get], expire: 2027-01-01 }
- relation: { tenant: agency, executes_as: [club], modules: [things], requires_account: true, permissions: [things.get], expire: 2027-01-01 }
`;

const things = {
  id: 'things-1.0.0',
  provides: [
    {
      id: 'things',
      version: '1.0',
      handlers: [
        { methods: ['GET'], pathPattern: '/things', permissionsRequired: ['things.get'] },
        { methods: ['GET'], pathPattern: '/open', permissionsRequired: [] },
      ],
    },
  ],
};
const methods = ['*'];
const pathPattern = '/*';
/** Filters of every phase; the first is put before auth by its level. */
const filters = {
  id: 'filters-1.0.0',
  filters: [
    { methods, pathPattern, phase: 'pre', level: '05', type: 'headers' },
    { methods: ['GET'], pathPattern, phase: 'pre', type: 'request-response' },
    { methods: ['GET', 'POST'], pathPattern, level: '20', type: 'headers' },
    { methods: ['GET', 'PUT'], pathPattern, phase: 'post', type: 'headers' },
  ],
};
const remoteAuth = {
  id: 'remote-auth-1.0.0',
  filters: [{ methods, pathPattern, phase: 'auth', type: 'headers' }],
};

const revoked = new Set<string>();
const shadows = new Set<string>();
/** The product's own auth filter, over sets of this test. */
const ownAuth: Module = {
  ...authModule(() => []),
  authorise: createAuthorise({
    isActive: () => Promise.resolve(true),
    heldBy: () => Promise.resolve(new Set(['things.get'])),
    hasShadow: (tenant, userId) => Promise.resolve(shadows.has(`${tenant} ${userId}`)),
    voidBefore: (_tenant, userId) => Promise.resolve(revoked.has(userId) ? Infinity : 0),
  }),
};

let world: World;
const seen: Seen[] = [];
const start = async (authOf: Readonly<Record<string, string>>): Promise<void> => {
  const modules = [ownAuth, spyModule(things, seen), spyModule(filters, seen)];
  const granting = spyModule(remoteAuth, seen, () => ({
    status: 202,
    headers: { 'x-okapi-permissions': '["things.get"]' },
  }));
  world = await startWorld(map, [...modules, granting], {}, 'remote');
  world.store.enable('agency', ...(authOf['agency'] === undefined ? [] : [authOf['agency']]));
  for (const tenant of ['shop', 'club']) {
    const auth = authOf[tenant];
    world.store.enable(tenant, things.id, filters.id, ...(auth === undefined ? [] : [auth]));
  }
};
const asks = (
  tenant: string,
  { path = '/things', userId = 'anna', home = 'agency' } = {},
): Promise<Received> =>
  world.send({ path, headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': world.token(home, userId) } });
const called = (): readonly string[] =>
  seen.map(({ module, headers }) => headers['x-okapi-filter']?.split(' ')[0] ?? module);

afterEach(async () => {
  revoked.clear();
  shadows.clear();
  seen.length = 0;
  await world.stop();
});

const own = { agency: 'mod-auth-1.0.0', shop: 'mod-auth-1.0.0', club: 'mod-auth-1.0.0' };

describe('a user who names a related tenant', () => {
  test('passes its filters once its auth filter has agreed, whatever their levels', async () => {
    await start(own);
    expect((await asks('shop')).status).toBe(200);
    expect(called()).toEqual(['pre', 'filters-1.0.0', 'pre', 'things-1.0.0', 'post']);
  });

  test('is refused before anything of it is called, when the session has been revoked', async () => {
    await start(own);
    revoked.add('anna');
    expect(await asks('shop')).toMatchObject({ status: 401, text: 'Invalid token: it has been revoked' });
    expect(called()).toEqual([]);
  });

  test('is refused before anything of it is called, when it asks for more than the relation lends', async () => {
    await start(own);
    world.map(map.replace('permissions: [things.get]', 'permissions: []'));
    expect((await asks('shop')).status).toBe(403);
    expect(called()).toEqual([]);
  });

  test('is refused before anything of it is called, when it has no auth filter and the path needs a permission', async () => {
    await start({ agency: own.agency });
    expect((await asks('shop')).status).toBe(403);
    expect(called()).toEqual([]);
    expect((await asks('shop', { path: '/open' })).status).toBe(200);
  });

  test('is asked for at home first where a remote auth filter judges', async () => {
    await start({ ...own, shop: remoteAuth.id });
    expect((await asks('shop')).status).toBe(200);
    expect(seen.map(({ module }) => module)).toContain(remoteAuth.id);
    seen.length = 0;
    revoked.add('anna');
    expect(await asks('shop')).toMatchObject({ status: 401, text: 'Invalid token: it has been revoked' });
    expect(called()).toEqual([]);
  });
});

test('filters still see what is refused to a user of their own tenant, as with Okapi', async () => {
  await start(own);
  revoked.add('ben');
  expect((await asks('shop', { userId: 'ben', home: 'shop' })).status).toBe(401);
  expect(called()).toEqual(['pre', 'pre', 'post']);
});

describe('a relation that asks for an account', () => {
  const explained = () =>
    world.gateway.explain({
      requestedTenant: 'club',
      originTenant: 'agency',
      method: 'GET',
      path: '/things',
      moduleId: null,
      body: undefined,
    });

  test('lets in who has one, where an auth filter in process judges', async () => {
    await start(own);
    expect(await asks('club')).toMatchObject({ status: 403, text: /requires an account in club/ });
    expect(called()).toEqual([]);
    shadows.add('club anna');
    expect((await asks('club')).status).toBe(200);
    expect(explained()).toMatchObject({ outcome: 'executed', tenant: 'club', requiresAccount: true });
    expect(explained().why).toContain('club: agency#2 lets in only users for whom club has made an account');
  });

  test.each([
    ['only a remote auth filter judges', remoteAuth.id],
    ['nobody judges', undefined],
  ])('lets nobody in where %s, and says why', async (_what, auth) => {
    await start({ agency: own.agency, ...(auth !== undefined && { club: auth }) });
    shadows.add('club anna');
    for (const path of ['/things', '/open']) {
      const answer = await asks('club', { path });
      expect(answer.status).toBe(403);
      expect(answer.text).toBe('Access requires an account in club, and nothing here can say who has one');
      const trace = world.gateway.trace(String(answer.headers['x-okapi-request-id']));
      expect(trace?.hops.at(-1)?.error).toMatch(
        /^GATEWAY_ACCOUNT_UNKNOWN: .*requires_account.*mod-authtoken/,
      );
    }
    expect(called()).toEqual([]);
    expect(explained()).toMatchObject({
      outcome: 'refused',
      tenant: 'club',
      status: 403,
      code: 'GATEWAY_ACCOUNT_UNKNOWN',
      requiresAccount: true,
      steps: [],
    });
  });
});

test('explain puts auth filters first for somebody of another tenant, as they run', async () => {
  await start(own);
  const phases = (originTenant: string) =>
    world.gateway
      .explain({
        requestedTenant: 'shop',
        originTenant,
        method: 'GET',
        path: '/things',
        moduleId: null,
        body: undefined,
      })
      .steps.map(({ phase }) => phase);
  expect(phases('agency')).toEqual(['auth', 'pre', 'filter', 'pre', 'handler', 'post']);
  expect(phases('shop')).toEqual(['pre', 'auth', 'filter', 'pre', 'handler', 'post']);
});
