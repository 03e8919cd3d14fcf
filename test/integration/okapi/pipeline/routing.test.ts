import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import { type Hosting, spyModule } from '../../../support/gateway-world.ts';
import {
  filter,
  handler,
  of,
  order,
  post,
  seen,
  serving,
  startPipeline,
  world,
} from '../../../support/pipeline-world.ts';

/** Which handler a request finds, and what that one is told of it; modules in process and over HTTP are alike. */
describe.each<Hosting>(['in process', 'remote'])('the way of a request to modules %s', (hosting) => {
  const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

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
});
