import { afterEach, describe, expect, it } from 'vitest';
import type { AuthorisationRequest } from '#gateway/contract';
import { agencyMap } from '../../../support/agency-map.ts';
import {
  authModule,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../../../support/gateway-world.ts';

/** A filter of another maker may name the tenant, as far as the relations go. */
describe('a pre filter that names a tenant', () => {
  let world: World;
  const seen: Seen[] = [];
  const asked: AuthorisationRequest[] = [];
  afterEach(async () => {
    seen.length = 0;
    asked.length = 0;
    await world.stop();
  });
  const start = async (tenant: string | readonly string[], phase = 'pre'): Promise<void> => {
    const handler = { methods: ['GET', 'POST'], pathPattern: '/notes', permissionsRequired: ['notes.get'] };
    world = await startWorld(agencyMap.replace(/ {4}when:\n.*\n/, ''), [
      authModule(() => ['notes.get'], asked),
      spyModule(
        {
          id: 'mod-notes-1.0.0',
          provides: [
            {
              id: 'notes',
              version: '1.0',
              handlers: [
                handler,
                { methods: ['GET'], pathPattern: '/notes/public', permissionsRequired: [] },
              ],
            },
          ],
        },
        seen,
      ),
      spyModule(
        { id: 'resolver-1.0.0', filters: [{ methods: ['*'], pathPattern: '/*', phase, type: 'headers' }] },
        seen,
        () => ({
          status: 200,
          headers: { 'X-Okapi-Tenant': tenant },
        }),
      ),
    ]);
    for (const id of ['agency', 'shop', 'news', 'partner'])
      world.store.enable(id, 'mod-auth-1.0.0', 'mod-notes-1.0.0', 'resolver-1.0.0');
  };
  const send = (): Promise<Received> =>
    world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Token': world.token('agency') },
      body: 'the note',
    });

  it('§1.8.4 §4.7 is obeyed within the relations: route, auth, token and header are then those of that tenant', async () => {
    await start('shop');
    expect((await send()).status).toBe(200);
    expect(seen.map(({ module, tenant }) => [module, tenant])).toEqual([
      ['resolver-1.0.0', 'agency'],
      ['mod-notes-1.0.0', 'shop'],
    ]);
    expect(asked.map(({ tenant, ceiling }) => [tenant, ceiling])).toEqual([
      ['agency', null],
      ['shop', ['notes.*']],
    ]);
    expect(seen[1]?.body).toBe('the note');
    expect(world.tokens.verify(seen[1]?.headers['x-okapi-token'] ?? '')).toMatchObject({
      claims: { tenant: 'shop', originTenant: 'agency', relation: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });

  it.each([['partner'], ['nobody'], ['SHOP']])(
    '§1.8.4 is refused for %s, and no handler is called',
    async (tenant) => {
      await start(tenant);
      expect((await send()).status).toBe(403);
      expect(seen.map(({ module }) => module)).toEqual(['resolver-1.0.0']);
    },
  );

  it('§1.8.4 is refused when nobody is acting, also for a path that is open to everybody', async () => {
    await start('shop');
    const answer = await world.send({ path: '/notes/public', headers: { 'X-Okapi-Tenant': 'agency' } });
    expect(answer.status).toBe(403);
    expect(seen.map(({ module }) => module)).toEqual(['resolver-1.0.0']);
  });

  it('§1.3 is a bad gateway when it names two', async () => {
    await start(['shop', 'news']);
    expect((await send()).status).toBe(502);
    expect(seen.map(({ module }) => module)).toEqual(['resolver-1.0.0']);
  });

  it('§1.8.4 is ignored in the post phase', async () => {
    await start('shop', 'post');
    expect((await send()).status).toBe(200);
    expect(seen.map(({ tenant }) => tenant)).toEqual(['agency', 'agency']);
  });
});
