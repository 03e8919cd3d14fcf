import { afterEach, describe, expect, it } from 'vitest';
import { agencyMap } from '../../../support/agency-map.ts';
import { NOON, type Seen, spyModule, startWorld, type World } from '../../../support/gateway-world.ts';

/** How long, where and for whom the token is good that a module gets. */
describe('the token of a module', () => {
  let world: World;
  const seen: Seen[] = [];
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });
  const handler = { methods: ['GET'], pathPattern: '/a', permissionsRequired: [] };
  const start = async (options = {}): Promise<string> => {
    world = await startWorld(
      '- user: { prefix: shop, expire: 2028-01-01 }',
      [spyModule({ id: 'a-1.0.0', provides: [{ id: 'a', version: '1.0', handlers: [handler] }] }, seen)],
      options,
    );
    world.store.enable('shop', 'a-1.0.0');
    await world.send({ path: '/a', headers: { 'X-Okapi-Token': world.token('shop') } });
    return seen.shift()?.headers['x-okapi-token'] ?? '';
  };
  const callBack = (token: string) => world.send({ path: '/a', headers: { 'X-Okapi-Token': token } });

  it('§4.4.6 is good for a call back within its minute and not after', async () => {
    const token = await start();
    world.clock.advance(59_000);
    expect((await callBack(token)).status).toBe(200);
    world.clock.advance(1_000);
    expect((await callBack(token)).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  it('§4.4.7 is void when its module is not enabled any more', async () => {
    const token = await start();
    world.store.add({ id: 'b-1.0.0', provides: [{ id: 'b', version: '1.0', handlers: [handler] }] });
    world.store.discover('b-1.0.0', { instId: 'one', url: world.url });
    world.store.enable('shop', 'b-1.0.0');
    world.store.disable('shop', 'a-1.0.0');
    expect((await callBack(token)).status).toBe(401);
  });

  it('§4.9 is refused from an address where no module may run', async () => {
    const token = await start({ discoveryAllow: ['10.0.0.0/8'] });
    expect((await callBack(token)).status).toBe(401);
    expect(seen).toEqual([]);
  });

  const startForAgency = async (): Promise<string> => {
    world = await startWorld(agencyMap, [
      spyModule(
        { id: 'mod-notes-1.0.0', provides: [{ id: 'a', version: '1.0', handlers: [handler] }] },
        seen,
      ),
    ]);
    world.store.enable('shop', 'mod-notes-1.0.0');
    await world.send({ path: '/a', headers: { 'X-Okapi-Token': world.token('agency') } });
    return seen.shift()?.headers['x-okapi-token'] ?? '';
  };

  it('§4.7 keeps a call back in the tenant that the module runs in, also without a tenant in the header', async () => {
    const token = await startForAgency();
    expect((await callBack(token)).status).toBe(200);
    expect(seen).toMatchObject([{ tenant: 'shop', originTenant: 'agency', userId: 'user-1' }]);
  });

  it('§4.8 says which module calls, whatever the caller says of itself', async () => {
    const token = await startForAgency();
    const headers = {
      'X-Okapi-Token': token,
      'X-Okapi-Module': 'mod-users-1.0.0',
      'X-Okapi-Calling-Module': 'x',
    };
    expect((await world.send({ path: '/a', headers })).status).toBe(200);
    const verified = world.tokens.verify(seen[0]?.headers['x-okapi-token'] ?? '');
    expect(verified).toMatchObject({ claims: { actors: ['mod-notes-1.0.0'], hop: 1 } });
    expect(JSON.stringify(seen[0]?.headers)).not.toContain('mod-users');
  });

  it('§6.8.28 ends with the relation that it was made under', async () => {
    world = await startWorld(agencyMap, [
      spyModule(
        { id: 'mod-notes-1.0.0', provides: [{ id: 'a', version: '1.0', handlers: [handler] }] },
        seen,
      ),
    ]);
    world.store.enable('shop', 'mod-notes-1.0.0');
    world.clock.advance(1_790_000);
    const token = world.token('agency');
    await world.send({ path: '/a', headers: { 'X-Okapi-Token': token } });
    const verified = world.tokens.verify(seen[0]?.headers['x-okapi-token'] ?? '');
    expect(verified).toMatchObject({ claims: { tenant: 'shop', expiresAt: NOON + 1_800_000 } });
    world.clock.advance(10_000);
    expect((await world.send({ path: '/a', headers: { 'X-Okapi-Token': token } })).status).not.toBe(200);
  });
});
