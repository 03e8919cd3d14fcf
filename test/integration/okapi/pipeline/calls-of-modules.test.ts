import { afterEach, describe, expect, it } from 'vitest';
import {
  json,
  type AuthorisationRequest,
  type Module,
  type ModuleRequest,
  type ModuleResponse,
} from '#gateway/contract';
import { agencyMap } from '../../../support/agency-map.ts';
import {
  authModule,
  type Hosting,
  NOON,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../../../support/gateway-world.ts';

/** Modules that call modules, through the same pipeline as everybody. */
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
      agencyMap,
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
