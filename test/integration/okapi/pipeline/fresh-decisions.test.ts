import { afterEach, describe, expect, it } from 'vitest';
import type { AuthorisationRequest } from '#gateway/contract';
import { agencyMap } from '../../../support/agency-map.ts';
import { authModule, type Seen, spyModule, startWorld, type World } from '../../../support/gateway-world.ts';

/** Okapi keeps the answer of its auth filter for three minutes. Here nothing is kept that was decided. */
describe('what was decided for one request', () => {
  let world: World;
  const seen: Seen[] = [];
  const asked: AuthorisationRequest[] = [];
  afterEach(async () => {
    seen.length = 0;
    asked.length = 0;
    await world.stop();
  });

  const held = new Map<string, readonly string[]>();
  const start = async (): Promise<void> => {
    held.clear();
    const handler = { methods: ['GET'], pathPattern: '/notes', permissionsRequired: ['notes.get'] };
    world = await startWorld(agencyMap, [
      authModule((tenant) => held.get(tenant) ?? [], asked),
      spyModule(
        { id: 'mod-notes-1.0.0', provides: [{ id: 'notes', version: '1.0', handlers: [handler] }] },
        seen,
      ),
    ]);
    for (const tenant of ['agency', 'shop']) world.store.enable(tenant, 'mod-auth-1.0.0', 'mod-notes-1.0.0');
  };
  const statusOf = async (token: string, path = '/notes'): Promise<number> =>
    (await world.send({ path, headers: { 'X-Okapi-Token': token } })).status;

  it('§1.9 counts for that one alone: a permission is there from the next request on, and gone as well', async () => {
    await start();
    const token = world.token('shop');
    expect([await statusOf(token), await statusOf(token)]).toEqual([403, 403]);
    held.set('shop', ['notes.get']);
    expect([await statusOf(token), await statusOf(token)]).toEqual([200, 200]);
    held.clear();
    expect([await statusOf(token), await statusOf(token)]).toEqual([403, 403]);
    expect(asked).toHaveLength(6);
    expect(seen).toHaveLength(2);
  });

  it('§1.9 is no answer for another tenant with the same token, method and path', async () => {
    await start();
    held.set('agency', ['notes.get']);
    const token = world.token('agency');
    expect(await statusOf(token)).toBe(200);
    held.clear();
    expect(await statusOf(token, '/notes?site=shop')).toBe(403);
    expect(asked.map(({ tenant }) => tenant)).toEqual(['agency', 'shop']);
    expect(seen.map(({ tenant }) => tenant)).toEqual(['agency']);
  });

  it('§1.9 is not kept of a request without a token', async () => {
    await start();
    const anonymous = async (): Promise<number> =>
      (await world.send({ path: '/notes', headers: { 'X-Okapi-Tenant': 'shop' } })).status;
    held.set('shop', ['notes.get']);
    expect(await anonymous()).toBe(401);
    expect(await statusOf(world.token('shop'))).toBe(200);
    expect(await anonymous()).toBe(401);
  });

  it('§1.6 is over as soon as a module is enabled or disabled for the tenant', async () => {
    await start();
    held.set('shop', ['notes.get']);
    const token = world.token('shop');
    world.store.disable('shop', 'mod-notes-1.0.0');
    expect([await statusOf(token), await statusOf(token)]).toEqual([404, 404]);
    world.store.enable('shop', 'mod-notes-1.0.0');
    expect(await statusOf(token)).toBe(200);
    world.store.disable('shop', 'mod-notes-1.0.0');
    expect(await statusOf(token)).toBe(404);
  });
});
