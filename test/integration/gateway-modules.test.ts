import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthorisationRequest, Module, ModuleRequest, ModuleResponse } from '#gateway/contract';
import { json } from '#gateway/contract';
import {
  authModule,
  type Hosting,
  NOON,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';

const map = `
- user: { prefix: agency, expire: 2028-01-01 }
- user: { prefix: shop, expire: 2028-01-01 }
- user: { prefix: news, expire: 2028-01-01 }
- user: { prefix: partner, expire: 2028-01-01 }
- relation:
    tenant: agency
    executes_as: [shop, news]
    modules: [mod-notes]
    when:
      - { query: { site: shop }, tenant: shop }
    permissions: [notes.*]
    expire: 2026-11-22T12:30:00Z
- relation: { tenant: shop, executes_as: [partner], modules: [mod-notes], permissions: ['*'], expire: 2028-01-01 }
`;

describe.each<Hosting>(['in process', 'remote'])('modules %s that call modules', (hosting) => {
  let world: World;
  const seen: Seen[] = [];
  const asked: AuthorisationRequest[] = [];
  const called: (readonly [string, number])[] = [];
  afterEach(async () => {
    for (const list of [seen, asked, called]) list.length = 0;
    await world.stop();
  });

  const module = (
    id: string,
    path: string,
    extra: object,
    answer?: (request: ModuleRequest) => ModuleResponse | Promise<ModuleResponse>,
    metadata?: object,
  ): Module =>
    spyModule(
      {
        id,
        ...(metadata === undefined ? {} : { metadata }),
        provides: [
          {
            id: path.slice(1),
            version: '1.0',
            handlers: [
              { methods: ['GET', 'POST'], pathPattern: path, permissionsRequired: [], ...extra },
              { methods: ['GET', 'POST'], pathPattern: `${path}/{id}`, permissionsRequired: [], ...extra },
            ],
          },
        ],
      },
      seen,
      answer ?? (() => json(200, {})),
    );

  const calling =
    (...calls: { path: string; tenant?: string }[]) =>
    async (request: ModuleRequest): Promise<ModuleResponse> => {
      for (const { path, tenant } of calls) {
        const answer = await request.call({
          method: 'GET',
          path,
          ...(tenant === undefined ? {} : { tenant }),
        });
        called.push([path, answer.status]);
      }
      return json(201, {});
    };

  const start = async (notes: Module, held: readonly string[] = ['notes.post']): Promise<void> => {
    world = await startWorld(
      map,
      [
        authModule(() => held, asked),
        notes,
        module('mod-configuration-1.0.0', '/configurations', { permissionsRequired: ['config.get'] }),
        module('mod-users-1.0.0', '/users', { permissionsRequired: ['users.get'] }, undefined, {
          tenantResolution: { executesIn: 'origin' },
        }),
      ],
      {},
      hosting,
    );
    for (const tenant of ['agency', 'shop', 'news', 'partner'])
      world.store.enable(tenant, 'mod-auth-1.0.0', 'mod-users-1.0.0');
    for (const tenant of ['shop', 'news', 'partner'])
      world.store.enable(tenant, 'mod-notes-1.0.0', 'mod-configuration-1.0.0');
  };
  const notesCalling = (...calls: { path: string; tenant?: string }[]): Module =>
    module(
      'mod-notes-1.0.0',
      '/note-types',
      { permissionsRequired: ['notes.post'], modulePermissions: ['config.get', 'users.get'] },
      calling(...calls),
    );
  const post = (path: string, tenant = 'agency', token = world.token(tenant)): Promise<Received> =>
    world.send({
      method: 'POST',
      path,
      headers: { 'X-Okapi-Tenant': tenant, 'X-Okapi-Token': token },
      body: '{}',
    });
  const traceOf = async (
    answer: Received,
  ): Promise<{ hops: { module: string; actors: string[]; tenants: { execution: string } }[] }> => {
    const trace = world.gateway.trace(String(answer.headers['x-okapi-request-id']));
    if (trace === null) throw new Error('no trace');
    return trace as never;
  };

  it('§6.8.7 keep the execution tenant, and find the user at home', async () => {
    await start(notesCalling({ path: '/configurations/1' }, { path: '/users/user-1' }));
    const answer = await post('/note-types?site=shop');
    expect(answer.status).toBe(201);
    expect(called).toEqual([
      ['/configurations/1', 200],
      ['/users/user-1', 200],
    ]);
    expect(seen.map(({ module: id, headers, userId }) => [id, headers['x-okapi-tenant'], userId])).toEqual([
      ['mod-notes-1.0.0', 'shop', 'user-1'],
      ['mod-configuration-1.0.0', 'shop', 'user-1'],
      ['mod-users-1.0.0', 'agency', 'user-1'],
    ]);
  });

  it('§4.8 get a token each: tenant as the header says, origin, user, chain of callers, one minute', async () => {
    await start(notesCalling({ path: '/configurations/1' }));
    await post('/note-types?site=shop');
    const claims = seen.map(({ headers }) => {
      const verified = world.tokens.verify(headers['x-okapi-token'] ?? '');
      return verified.kind === 'verified' ? verified.claims : verified.reason;
    });
    expect(claims).toEqual([
      expect.objectContaining({
        module: 'mod-notes-1.0.0',
        tenant: 'shop',
        originTenant: 'agency',
        userId: 'user-1',
        hop: 0,
        actors: [],
        relation: expect.stringMatching(/^[0-9a-f]{16}$/),
        expiresAt: NOON + 60_000,
      }),
      expect.objectContaining({
        module: 'mod-configuration-1.0.0',
        tenant: 'shop',
        originTenant: 'agency',
        hop: 1,
        actors: ['mod-notes-1.0.0'],
        transaction: seen[0]?.headers['x-okapi-request-id'],
      }),
    ]);
  });

  it('§1.2 leave all their hops in the trace of the first request', async () => {
    await start(notesCalling({ path: '/configurations/1' }));
    const { hops } = await traceOf(await post('/note-types?site=shop'));
    const handlers = hops.filter((hop) => hop.module !== 'mod-auth-1.0.0');
    expect(handlers.map((hop) => [hop.module, hop.actors, hop.tenants.execution])).toEqual([
      ['mod-notes-1.0.0', [], 'shop'],
      ['mod-configuration-1.0.0', ['mod-notes-1.0.0'], 'shop'],
    ]);
  });

  it('§4.4.7 bring their own permissions along, in the tenant that they are executed in and for the one call', async () => {
    await start(notesCalling({ path: '/configurations/1' }, { path: '/users/user-1' }));
    await post('/note-types?site=shop');
    expect(
      asked.map(({ callerPermissions, token, ceiling }) => [callerPermissions, token?.callerModule, ceiling]),
    ).toEqual([
      [[], null, ['notes.*']],
      [['config.get', 'users.get'], 'mod-notes-1.0.0', ['notes.*']],
      [['config.get', 'users.get'], 'mod-notes-1.0.0', null],
    ]);
  });

  it('§4.8 cannot do there what is above the ceiling of the relation', async () => {
    await start(module('mod-notes-1.0.0', '/note-types', { permissionsRequired: ['admin.all'] }), [
      'notes.post',
      'admin.all',
    ]);
    expect((await post('/note-types?site=shop')).status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('§6.8.13 reach another tenant only by a relation of the user, one step far', async () => {
    await start(
      notesCalling(
        { path: '/configurations/1', tenant: 'news' },
        { path: '/configurations/1', tenant: 'partner' },
      ),
    );
    await post('/note-types?site=shop');
    expect(called.map(([, status]) => status)).toEqual([403, 403]);
    expect(seen).toHaveLength(1);
  });

  it('§1.2 are stopped with 508 when they call each other in a circle', async () => {
    await start(notesCalling({ path: '/note-types' }));
    expect((await post('/note-types', 'shop')).status).toBe(201);
    expect(called.map(([, status]) => status)).toEqual([508, 201, 201, 201, 201, 201, 201, 201, 201]);
    expect(seen).toHaveLength(9);
  });

  it('§4.4.2 call for nobody when nobody has called them', async () => {
    await start(
      module(
        'mod-notes-1.0.0',
        '/note-types',
        { modulePermissions: ['config.get'] },
        calling({ path: '/configurations/1' }),
      ),
    );
    const answer = await world.send({ path: '/note-types', headers: { 'X-Okapi-Tenant': 'shop' } });
    expect(answer.status).toBe(201);
    expect(called).toEqual([['/configurations/1', 200]]);
    expect(seen[1]).toMatchObject({ userId: null });
  });

  it('§1.0 send and get bodies', async () => {
    const answers: unknown[] = [];
    await start(
      module('mod-notes-1.0.0', '/note-types', { modulePermissions: ['config.get'] }, async (request) => {
        const answer = await request.call({
          method: 'POST',
          path: '/configurations',
          headers: { 'Content-Type': 'text/x', 'X-Okapi-User-Id': 'root' },
          body: 'é',
        });
        answers.push(answer.json());
        return json(200, {});
      }),
    );
    await post('/note-types', 'shop');
    expect(answers).toEqual([{}]);
    expect(seen[1]).toMatchObject({ body: 'é', userId: 'user-1' });
    expect(seen[1]?.headers['content-type']).toBe('text/x');
  });
});

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

  it('§6.8.28 ends with the relation that it was made under', async () => {
    world = await startWorld(map, [
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
    world = await startWorld(map.replace(/ {4}when:\n.*\n/, ''), [
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

  it('§1.8.4 is obeyed within the relations: route, auth, token and header are then those of that tenant', async () => {
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

describe('a remote auth filter of another maker', () => {
  let world: World;
  const seen: Seen[] = [];
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });
  const foreign = (payload: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg: 'HS256' })}.${part(payload)}`;
    return `${input}.${createHmac('sha256', 'their key').update(input).digest('base64url')}`;
  };
  const clientToken = foreign({ tenant: 'shop', sub: 'anna', user_id: 'u-7' });
  const moduleToken = foreign({ tenant: 'shop', sub: 'anna', user_id: 'u-7', module: 'a' });

  const start = async (moduleTokens: object, status = 202): Promise<void> => {
    const handler = {
      methods: ['GET'],
      pathPattern: '/a',
      permissionsRequired: ['a.get'],
      modulePermissions: ['b.get'],
    };
    world = await startWorld(
      '- user: { prefix: shop, expire: 2028-01-01 }\n- user: { prefix: news, expire: 2028-01-01 }',
      [
        spyModule({ id: 'a-1.0.0', provides: [{ id: 'a', version: '1.0', handlers: [handler] }] }, seen),
        spyModule(
          {
            id: 'auth-1.0.0',
            filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
          },
          seen,
          () => ({
            status,
            headers: {
              'X-Okapi-Module-Tokens': JSON.stringify(moduleTokens),
              'X-Okapi-User-Id': 'u-7',
              'X-Okapi-Permissions': '["a.get"]',
              'X-Okapi-Token': clientToken,
            },
            body: status === 202 ? '' : 'Invalid token',
          }),
        ),
      ],
      {},
      'remote',
    );
    world.store.enable('shop', 'a-1.0.0', 'auth-1.0.0');
  };
  const send = (headers: Record<string, string> = {}): Promise<Received> =>
    world.send({
      path: '/a',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': clientToken, ...headers },
    });

  it('§1.8.5 gets the token of the client, and the handler the module token, user and permissions that it says', async () => {
    await start({ 'a-1.0.0': moduleToken, _: clientToken });
    expect((await send()).status).toBe(200);
    const [auth, a] = seen;
    expect(auth?.headers['x-okapi-token']).toBe(clientToken);
    expect(a?.headers).toMatchObject({
      'x-okapi-token': moduleToken,
      'x-okapi-user-id': 'u-7',
      'x-okapi-permissions': '["a.get"]',
    });
    expect(a?.headers['x-okapi-module-tokens']).toBeUndefined();
  });

  it('§1.8.1 gets no token of a client that has none', async () => {
    await start({ 'a-1.0.0': moduleToken });
    expect((await world.send({ path: '/a', headers: { 'X-Okapi-Tenant': 'shop' } })).status).toBe(200);
    expect(seen[0]?.headers['x-okapi-token']).toBeUndefined();
    expect(seen[1]?.headers['x-okapi-token']).toBe(moduleToken);
  });

  it('§1.8.5 gives other modules the default token', async () => {
    await start({ _: clientToken });
    await send();
    expect(seen[1]?.headers['x-okapi-token']).toBe(clientToken);
  });

  it('§1.8.5 cannot give a module a token of another tenant', async () => {
    await start({ 'a-1.0.0': foreign({ tenant: 'news', sub: 'x' }) });
    expect((await send()).status).toBe(200);
    const token = seen[1]?.headers['x-okapi-token'] ?? '';
    expect(world.tokens.verify(token)).toMatchObject({
      claims: { kind: 'module', tenant: 'shop', module: 'a-1.0.0' },
    });
  });

  it('§1.8.6 refuses with its own status and text, and nothing of its tokens gets out', async () => {
    await start({ 'a-1.0.0': moduleToken }, 403);
    const answer = await send();
    expect(answer).toMatchObject({ status: 403, text: 'Invalid token' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-okapi'))).toEqual([
      'x-okapi-request-id',
    ]);
    expect(seen).toHaveLength(1);
  });

  it('§1.6 is asked by tenants that have it enabled only: elsewhere its tokens are nothing', async () => {
    await start({ 'a-1.0.0': moduleToken });
    world.store.enable('news', 'a-1.0.0');
    expect((await send({ 'X-Okapi-Tenant': 'news' })).status).toBe(401);
    const { 'X-Okapi-Tenant': _tenant, ...without } = { 'X-Okapi-Tenant': '', 'X-Okapi-Token': clientToken };
    expect((await world.send({ path: '/a', headers: without })).status).toBe(401);
    expect(seen).toEqual([]);
  });
});
