import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import type { Hosting } from '../../../support/gateway-world.ts';
import { filter, of, post, serving, startPipeline, world } from '../../../support/pipeline-world.ts';

/** What the client gets in the end. */
describe.each<Hosting>(['in process', 'remote'])('the answer to the client over modules %s', (hosting) => {
  const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

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
