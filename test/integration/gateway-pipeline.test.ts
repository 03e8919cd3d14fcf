import { afterEach, describe, expect, it } from 'vitest';
import type { Module, ModuleRequest, ModuleResponse } from '#gateway/contract';
import {
  type Hosting,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';

/** Okapi's pipeline, paragraph by paragraph, over modules in process and over HTTP: nobody may notice the difference. */
describe.each<Hosting>(['in process', 'remote'])('the pipeline over modules %s', (hosting) => {
  let world: World;
  const seen: Seen[] = [];
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });

  type Answer = (request: ModuleRequest, body: string) => ModuleResponse;
  const handler = (extra: object = {}) => ({
    methods: ['GET', 'POST'],
    pathPattern: '/things',
    permissionsRequired: [],
    ...extra,
  });
  const serving = (
    answer: Answer = () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'handled' }),
    extra = {},
  ): Module =>
    spyModule(
      { id: 'serving-1.0.0', provides: [{ id: 'things', version: '1.0', handlers: [handler(extra)] }] },
      seen,
      answer,
    );
  const filter = (name: string, entry: object, answer: Answer = () => ({ status: 200, body: '' })): Module =>
    spyModule(
      { id: `${name}-1.0.0`, filters: [{ methods: ['*'], pathPattern: '/*', ...entry }] },
      seen,
      answer,
    );

  const start = async (...modules: Module[]): Promise<void> => {
    world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', modules, {}, hosting);
    world.store.enable('shop', ...modules.map(({ descriptor }) => descriptor.id));
  };
  const post = (body = 'sent', headers: Record<string, string> = {}): Promise<Received> =>
    world.send({
      method: 'POST',
      path: '/things?a=1',
      headers: { 'X-Okapi-Tenant': 'shop', 'Content-Type': 'text/plain', ...headers },
      body,
    });
  const order = (): string[] => seen.map(({ module }) => module.replace('-1.0.0', ''));
  const of = (name: string): Seen | undefined => seen.find(({ module }) => module === `${name}-1.0.0`);

  it('§1.0 gives body, method, path and query to the handler and its answer to the client', async () => {
    await start(
      serving((_request, body) => ({
        status: 201,
        headers: { location: '/things/7', 'content-type': 'text/x' },
        body: `got ${body}`,
      })),
    );
    const answer = await post('a body');
    expect(answer).toMatchObject({ status: 201, text: 'got a body' });
    expect(answer.headers).toMatchObject({ location: '/things/7', 'content-type': 'text/x' });
    expect(of('serving')).toMatchObject({ method: 'POST', path: '/things', body: 'a body' });
  });

  it('§1.2 makes a request id of six digits and the first segment, and appends it to the one that came', async () => {
    await start(serving());
    await post();
    await post('', { 'X-Okapi-Request-Id': '000001/edge' });
    expect(seen[0]?.headers['x-okapi-request-id']).toMatch(/^[0-9]{6}\/things$/);
    expect(seen[1]?.headers['x-okapi-request-id']).toMatch(/^000001\/edge;[0-9]{6}\/things$/);
  });

  it('§1.4 tells modules url, address, time and method of the request', async () => {
    await start(serving());
    await post('x', { Host: 'evil.example', Connection: 'close' });
    const headers = of('serving')?.headers ?? {};
    expect(headers['x-okapi-url']).toBe(world.url);
    expect(headers['x-okapi-request-ip']).toMatch(/127\.0\.0\.1$/);
    expect(headers['x-okapi-request-timestamp']).toBe(String(world.clock.now()));
    expect(headers['x-okapi-request-method']).toBe('POST');
    expect(headers['host']).not.toBe('evil.example');
  });

  it('§1.6 finds the handler with the longest literal start whatever the order of modules', async () => {
    const narrow = spyModule(
      {
        id: 'zz-1.0.0',
        provides: [{ id: 'narrow', version: '1.0', handlers: [handler({ pathPattern: '/things/mine' })] }],
      },
      seen,
    );
    await start(serving(undefined, { pathPattern: '/things/{id}' }), narrow);
    await world.send({ path: '/things/mine', headers: { 'X-Okapi-Tenant': 'shop' } });
    await world.send({ path: '/things/other', headers: { 'X-Okapi-Tenant': 'shop' } });
    expect(order()).toEqual(['zz', 'serving']);
  });

  it('§1.6 calls no filter when no handler is found', async () => {
    await start(
      filter('auth', { phase: 'auth', type: 'headers' }),
      filter('pre', { phase: 'pre', type: 'headers' }),
    );
    const answer = await post();
    expect(answer).toMatchObject({ status: 404, text: 'No suitable module found for path and tenant' });
    expect(answer.headers['content-type']).toBe('text/plain');
    expect(seen).toEqual([]);
  });

  it('§1.6 finds a multiple interface by X-Okapi-Module-Id alone, and does not hand that header on', async () => {
    const multiple = (id: string) =>
      spyModule(
        { id, provides: [{ id: 'codex', version: '1.0', interfaceType: 'multiple', handlers: [handler()] }] },
        seen,
      );
    await start(multiple('first-1.0.0'), multiple('second-1.0.0'));
    expect((await post()).status).toBe(404);
    expect((await post('', { 'X-Okapi-Module-Id': 'second-1.0.0' })).status).toBe(200);
    expect((await post('', { 'X-Okapi-Module-Id': 'third-1.0.0' })).status).toBe(404);
    expect(order()).toEqual(['second']);
    expect(seen[0]?.headers['x-okapi-module-id']).toBeUndefined();
  });

  it('§1.6 does not route to system interfaces', async () => {
    await start(
      spyModule(
        {
          id: 'serving-1.0.0',
          provides: [
            {
              id: '_tenant',
              version: '2.0',
              interfaceType: 'system',
              handlers: [{ methods: ['POST'], pathPattern: '/things' }],
            },
          ],
        },
        seen,
      ),
    );
    expect((await post()).status).toBe(404);
    expect(seen).toEqual([]);
  });

  it('§1.6 follows a redirect to the handler of its target with the original query', async () => {
    const target = spyModule(
      {
        id: 'target-1.0.0',
        provides: [{ id: 'target', version: '1.0', handlers: [handler({ pathPattern: '/target' })] }],
      },
      seen,
    );
    const redirect = spyModule(
      {
        id: 'old-1.0.0',
        filters: [{ methods: ['POST'], pathPattern: '/things', type: 'redirect', redirectPath: '/target' }],
      },
      seen,
    );
    await start(target, { ...redirect, handlers: hosting === 'in process' ? {} : redirect.handlers });
    expect((await post()).status).toBe(200);
    expect(seen).toHaveLength(1);
    expect(of('target')?.path).toBe('/target');
  });

  it('§1.6 answers 500 for a redirect loop and for a redirect to nowhere', async () => {
    const redirects = (entries: object[]) => ({
      ...spyModule({ id: 'old-1.0.0', filters: entries }, seen),
    });
    const to = (pathPattern: string, redirectPath: string) => ({
      methods: ['POST'],
      pathPattern,
      type: 'redirect',
      redirectPath,
    });
    await start(redirects([to('/things', '/b'), to('/b', '/c'), to('/c', '/b'), to('/lost', '/nowhere')]));
    const looped = await post();
    expect(looped.status).toBe(500);
    expect(looped.text).toMatch(/^Redirect loop: /);
    const lost = await world.send({ method: 'POST', path: '/lost', headers: { 'X-Okapi-Tenant': 'shop' } });
    expect(lost).toMatchObject({
      status: 500,
      text: 'Redirecting /lost to /nowhere FAILED. No suitable module found',
    });
  });

  it('§1.7 runs auth, pre, handler and post in this order, and levels among them as strings', async () => {
    await start(
      filter('post', { phase: 'post', type: 'headers' }),
      filter('early', { level: '20', type: 'headers' }),
      filter('pre', { phase: 'pre', type: 'headers' }),
      serving(),
      filter('auth', { phase: 'auth', type: 'headers' }),
      filter('late', { level: '55', type: 'headers' }),
    );
    await post();
    expect(order()).toEqual(['auth', 'early', 'pre', 'serving', 'late', 'post']);
  });

  it('§1.7 lets the later one of phase and level decide the place', async () => {
    await start(
      serving(),
      filter('x', { phase: 'post', level: '30', type: 'headers' }),
      filter('y', { level: '70', phase: 'pre', type: 'headers' }),
    );
    await post();
    expect(order()).toEqual(['x', 'y', 'serving']);
  });

  it('§1.8.1 tells each entry its own path pattern', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }),
      serving(undefined, { pathPattern: '/th*' }),
    );
    await post();
    expect(of('pre')?.headers['x-okapi-match-path-pattern']).toBe('/*');
    expect(of('serving')?.headers['x-okapi-match-path-pattern']).toBe('/th*');
  });

  it('§1.8.2 tells an auth filter all permissions that are asked for', async () => {
    await start(
      filter('auth', { phase: 'auth', type: 'headers', modulePermissions: ['users.read'] }),
      filter('pre', { phase: 'pre', type: 'headers', permissionsRequired: ['pre.use'] }),
      serving(undefined, {
        permissionsRequired: ['things.get', 'pre.use'],
        permissionsDesired: ['things.*'],
        modulePermissions: ['config.get'],
      }),
    );
    expect((await post()).status).toBe(200);
    const headers = of('auth')?.headers ?? {};
    expect(headers['x-okapi-permissions-required']?.split(',').toSorted()).toEqual(['pre.use', 'things.get']);
    expect(headers['x-okapi-permissions-desired']).toBe('things.*');
    expect(JSON.parse(headers['x-okapi-module-permissions'] ?? '')).toEqual({
      'auth-1.0.0': ['users.read'],
      'serving-1.0.0': ['config.get'],
    });
    expect(of('serving')?.headers).not.toHaveProperty('x-okapi-module-permissions');
    expect(of('serving')?.headers).not.toHaveProperty('x-okapi-permissions-required');
  });

  it('§1.8.2 tells filters their phase and pattern, and post filters what the handler said', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }),
      serving(() => ({ status: 202, headers: { 'x-thing': 'é' }, body: 'done' })),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    await post();
    expect(of('pre')?.headers['x-okapi-filter']).toBe('pre /*');
    expect(of('serving')?.headers['x-okapi-filter']).toBeUndefined();
    expect(of('post')?.headers).toMatchObject({
      'x-okapi-filter': 'post /*',
      'x-okapi-handler-result': '202',
    });
    expect(JSON.parse(of('post')?.headers['x-okapi-handler-headers'] ?? '')).toMatchObject({
      'x-thing': expect.any(String),
    });
  });

  it('§1.8.3 sends no body to a headers filter, and the handler gets all of it', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }, () => ({ status: 200, body: 'dropped' })),
      serving(),
    );
    expect((await post('the body')).text).toBe('handled');
    expect(of('pre')?.body).toBe('');
    expect(of('serving')?.body).toBe('the body');
  });

  it('§1.8.3 makes the answer of a request-response filter the body of the next request, with its type', async () => {
    const upper: Answer = (_request, body) => ({
      status: 200,
      headers: { 'content-type': 'text/upper' },
      body: body.toUpperCase(),
    });
    await start(filter('pre', { phase: 'pre' }, upper), serving());
    await post('quiet');
    expect(of('serving')).toMatchObject({ body: 'QUIET' });
    expect(of('serving')?.headers['content-type']).toBe('text/upper');
  });

  it('§1.8.3 sends request-response-1.0 and request-only with a length, and request-only changes nothing', async () => {
    await start(
      filter('first', { level: '41', type: 'request-only' }, () => ({ status: 200, body: 'dropped' })),
      serving(undefined, { type: 'request-response-1.0' }),
    );
    expect((await post('12345')).text).toBe('handled');
    expect(of('first')).toMatchObject({ body: '12345' });
    expect(of('first')?.headers['content-length']).toBe('5');
    expect(of('serving')).toMatchObject({ body: '12345' });
    expect(of('serving')?.headers['content-length']).toBe('5');
  });

  it('§1.8.3 takes an entry of type system for request-response', async () => {
    await start(
      serving((_request, body) => ({ status: 201, body: `got ${body}` }), { type: 'system' }),
      filter('one', { phase: 'pre', type: 'system' }, (_request, body) => ({
        status: 200,
        headers: { 'content-type': 'text/x' },
        body: `${body} on`,
      })),
    );
    expect(await post()).toMatchObject({ status: 201, text: 'got sent on' });
    expect(of('serving')?.headers['content-type']).toBe('text/x');
  });

  it('§1.8.3 holds the body of an entry of type internal, and makes 204 of its empty 200', async () => {
    const answers = ['said', ''];
    await start(serving(() => ({ status: 200, body: answers.shift() ?? '' }), { type: 'internal' }));
    if (hosting === 'remote') {
      expect(await post()).toMatchObject({ status: 500, text: 'Unhandled internal module path=/things' });
      return expect(seen).toEqual([]);
    }
    expect(await post()).toMatchObject({ status: 200, text: 'said' });
    expect(await post()).toMatchObject({ status: 204, text: '' });
    expect(of('serving')?.headers['content-length']).toBe('4');
  });

  it('§1.8.3 lets a request-log filter see the body and ignores whatever it answers', async () => {
    await start(
      filter('log', { phase: 'pre', type: 'request-log' }, () => ({
        status: 500,
        headers: { 'x-leak': 'yes' },
        body: 'no',
      })),
      serving(),
    );
    expect(await post('logged')).toMatchObject({ status: 200, text: 'handled' });
    await expect.poll(() => of('log')?.body).toBe('logged');
    expect(of('serving')).toMatchObject({ body: 'logged' });
    expect(of('serving')?.headers['x-leak']).toBeUndefined();
  });

  it('§1.8.3 puts rewritePath in front of the path of a filter alone', async () => {
    const rewriting = spyModule(
      {
        id: 'pre-1.0.0',
        filters: [
          { methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers', rewritePath: '/filter' },
        ],
      },
      seen,
    );
    await start(rewriting, serving());
    await post();
    expect(of('pre')?.path).toBe('/filter/things');
    expect(of('serving')?.path).toBe('/things');
  });

  it('§1.8.4 hands X- headers of a filter on to the handler, and no others', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }, () => ({
        status: 200,
        headers: { 'X-Found': 'here', etag: 'no' },
      })),
      serving(),
    );
    await post();
    expect(of('serving')?.headers['x-found']).toBe('here');
    expect(of('serving')?.headers['etag']).toBeUndefined();
  });

  it('§1.8.4 never takes tenant, user, token, permissions or url from an answer', async () => {
    const lies = {
      'X-Okapi-User-Id': 'root',
      'X-Okapi-Permissions': '["all"]',
      'X-Okapi-Token': 'forged',
      'X-Okapi-Url': 'http://evil',
      x_okapi_tenant: 'other',
      'X-Forwarded-For': '1.2.3.4',
    };
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }, () => ({ status: 200, headers: lies })),
      serving(),
    );
    await post();
    const headers = of('serving')?.headers ?? {};
    expect(headers['x-okapi-url']).toBe(world.url);
    expect(headers['x-okapi-token']).not.toBe('forged');
    for (const name of ['x-okapi-user-id', 'x-okapi-permissions', 'x_okapi_tenant', 'x-forwarded-for'])
      expect(headers[name]).toBeUndefined();
  });

  it('§1.8.4 hands on of a module with metadata.relayHeaders only those', async () => {
    const listed = spyModule(
      {
        id: 'pre-1.0.0',
        metadata: { relayHeaders: ['X-Found'] },
        filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers' }],
      },
      seen,
      () => ({ status: 200, headers: { 'X-Found': 'a', 'X-Other': 'b' } }),
    );
    await start(listed, serving());
    await post();
    expect(of('serving')?.headers).toMatchObject({ 'x-found': 'a' });
    expect(of('serving')?.headers['x-other']).toBeUndefined();
  });

  it('§1.8.6 keeps the handler from running when auth fails, and the client gets the answer of auth', async () => {
    await start(
      filter('auth', { phase: 'auth', type: 'headers' }, () => ({
        status: 403,
        headers: { 'content-type': 'text/plain' },
        body: 'not you',
      })),
      filter('pre', { phase: 'pre', type: 'headers' }),
      serving(),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    expect(await post()).toMatchObject({ status: 403, text: 'not you' });
    expect(order()).toEqual(['auth', 'pre', 'post']);
    expect(of('pre')?.headers['x-okapi-auth-result']).toBe('403');
    expect(of('post')?.headers['x-okapi-auth-result']).toBe('403');
    expect(JSON.parse(of('post')?.headers['x-okapi-auth-headers'] ?? '')).toMatchObject({
      'content-type': 'text/plain',
    });
  });

  it('§1.8.6 lets no second auth filter overrule the no of the first', async () => {
    await start(
      filter('a', { phase: 'auth', level: '05', type: 'headers' }, () => ({ status: 401, body: 'no' })),
      filter('b', { phase: 'auth', type: 'headers' }, () => ({ status: 202 })),
      serving(),
    );
    expect(await post()).toMatchObject({ status: 401, text: 'no' });
    expect(order()).toEqual(['a', 'b']);
  });

  it('§1.8.6 stops at a failing pre filter; post filters still run', async () => {
    await start(
      filter('a-pre', { phase: 'pre', type: 'headers' }, () => ({ status: 409, body: 'stop' })),
      filter('b-pre', { phase: 'pre', type: 'headers' }),
      serving(),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    expect(await post()).toMatchObject({ status: 409, text: 'stop' });
    expect(order()).toEqual(['a-pre', 'post']);
  });

  it('§1.8.6 stops at a failing filter without phase, before or after auth', async () => {
    await start(
      filter('auth', { phase: 'auth', type: 'headers' }),
      filter('early', { level: '05', type: 'headers' }, () => ({ status: 400, body: 'early' })),
      serving(),
    );
    expect(await post()).toMatchObject({ status: 400, text: 'early' });
    expect(order()).toEqual(['early']);
  });

  it('§1.8.6 ignores the status of a post filter', async () => {
    await start(
      serving(),
      filter('post', { phase: 'post', type: 'headers' }, () => ({ status: 500, body: 'no' })),
    );
    expect(await post()).toMatchObject({ status: 200, text: 'handled' });
  });

  it('§1.8.6 runs post filters after a failing handler and gives its answer to the client', async () => {
    await start(
      serving(() => ({ status: 422, body: 'bad thing' })),
      filter('late', { level: '55', type: 'headers' }),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    expect(await post()).toMatchObject({ status: 422, text: 'bad thing' });
    expect(order()).toEqual(['serving', 'post']);
    expect(of('post')?.headers['x-okapi-handler-result']).toBe('422');
  });

  it('§1.8.6 ends at once at X-Okapi-Stop of a request-response filter', async () => {
    const stop: Answer = () => ({
      status: 203,
      headers: { 'X-Okapi-Stop': 'cached', 'x-a': 'b' },
      body: 'from the cache',
    });
    await start(
      filter('pre', { phase: 'pre' }, stop),
      serving(),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    const answer = await post();
    expect(answer).toMatchObject({ status: 203, text: 'from the cache' });
    expect(answer.headers).toMatchObject({ 'x-okapi-stop': 'cached', 'x-a': 'b' });
    expect(order()).toEqual(['pre']);
  });

  it('§1.8.6 does not end at X-Okapi-Stop of a headers filter', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }, () => ({
        status: 200,
        headers: { 'X-Okapi-Stop': '1' },
      })),
      serving(),
    );
    expect(await post()).toMatchObject({ status: 200, text: 'handled' });
  });

  it('§1.8.6 gives an earlier refusal of auth precedence over X-Okapi-Stop', async () => {
    await start(
      filter('auth', { phase: 'auth', type: 'headers' }, () => ({ status: 401, body: 'who' })),
      filter('pre', { phase: 'pre' }, () => ({
        status: 200,
        headers: { 'X-Okapi-Stop': '1' },
        body: 'secret',
      })),
      serving(),
    );
    expect(await post()).toMatchObject({ status: 401, text: 'who' });
  });

  it('§1.10 lets a request-response post filter replace the body of the handler, not its head', async () => {
    await start(
      serving(() => ({
        status: 201,
        headers: { location: '/l', 'content-type': 'text/h' },
        body: 'handled',
      })),
      filter('post', { phase: 'post' }, (_request, body) => ({
        status: 200,
        headers: { 'content-type': 'text/p' },
        body: `<${body}>`,
      })),
    );
    const answer = await post();
    expect(answer).toMatchObject({ status: 201, text: '<handled>' });
    expect(answer.headers).toMatchObject({ location: '/l', 'content-type': 'text/h' });
  });

  it('§1.10 gives a request-only post filter the body of the handler', async () => {
    await start(
      serving(),
      filter('post', { phase: 'post', type: 'request-only' }, () => ({ status: 200, body: 'dropped' })),
    );
    expect(await post()).toMatchObject({ status: 200, text: 'handled' });
    expect(of('post')).toMatchObject({ body: 'handled' });
  });

  it('§1.10 passes a redirect of the handler on without following it', async () => {
    await start(serving(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' })));
    const answer = await post();
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe('http://127.0.0.1:1/');
  });

  it('§1.10 lets several values of Set-Cookie through, and nothing internal', async () => {
    await start(
      serving((request) => ({
        status: 200,
        headers: {
          'set-cookie': ['a=1', 'b=2'],
          'x-okapi-module-tokens': '{}',
          'x-okapi-permissions': '[]',
          'x-okapi-user-id': 'u',
          'x-okapi-tenant': 'shop',
          'x-okapi-url': 'http://inside',
          'x-powered-by': 'test',
          'x-okapi-token': request.headers['x-okapi-token'] ?? '',
        },
        body: 'x',
      })),
    );
    const { headers } = await post();
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual(['x-okapi-request-id']);
  });

  it('§1.10 lets a login hand out a token of its own', async () => {
    await start(serving(() => ({ status: 201, headers: { 'X-Okapi-Token': 'a.b.c' }, body: '{}' })));
    expect((await post()).headers['x-okapi-token']).toBe('a.b.c');
  });

  it('§1.10 answers HEAD and 204 without a body', async () => {
    await start(serving(() => ({ status: 204 }), { methods: ['HEAD', 'POST'] }));
    expect(await post()).toMatchObject({ status: 204, text: '' });
    expect(
      await world.send({ method: 'HEAD', path: '/things', headers: { 'X-Okapi-Tenant': 'shop' } }),
    ).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('§1.12 takes the tenant from /_/invoke/tenant, and refuses another one in the header', async () => {
    await start(serving());
    const invoked = await world.send({ path: '/_/invoke/tenant/shop/things?b=2' });
    expect(invoked).toMatchObject({ status: 200, text: 'handled' });
    expect(of('serving')).toMatchObject({ path: '/things', tenant: 'shop' });
    const conflict = await world.send({
      path: '/_/invoke/tenant/shop/things',
      headers: { 'X-Okapi-Tenant': 'other' },
    });
    expect(conflict.status).toBe(400);
    expect((await world.send({ path: '/_/invoke/tenant/${x}/things' })).text).toBe(
      'tenantId must not contain ${',
    );
    expect((await world.send({ path: '/_/invoke/tenant/shop' })).status).not.toBe(200);
    expect((await world.send({ path: '/_/invoke/tenant/shop/_/proxy/tenants' })).status).toBe(404);
    expect(seen).toHaveLength(1);
  });

  it('§1.10 shows the hops in X-Okapi-Trace to a known caller that asks for it', async () => {
    await start(filter('pre', { phase: 'pre', type: 'headers' }), serving());
    const token = world.token('shop');
    const answer = await post('', { 'X-Okapi-Token': token, 'X-Okapi-Trace': 'true' });
    const trace = String(answer.headers['x-okapi-trace']);
    expect(trace).toMatch(
      /POST pre-1\.0\.0 \/\* : 200 [0-9]+us, POST serving-1\.0\.0 \/things : 200 [0-9]+us/,
    );
    expect((await post('', { 'X-Okapi-Token': token })).headers['x-okapi-trace']).toBeUndefined();
    expect((await post('', { 'X-Okapi-Trace': 'true' })).headers['x-okapi-trace']).toBeUndefined();
  });
});
