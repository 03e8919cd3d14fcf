import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import type { Hosting } from '../../../support/gateway-world.ts';
import {
  type Answer,
  filter,
  of,
  order,
  post,
  seen,
  serving,
  startPipeline,
  world,
} from '../../../support/pipeline-world.ts';

/** Who runs after an entry that failed, and whose answer the client gets. */
describe.each<Hosting>(['in process', 'remote'])('entries that fail, over modules %s', (hosting) => {
  const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

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

  it('§1.16 takes any other status than 2xx alike, and goes on with the post filters, whatever the guide says', async () => {
    for (const status of [300, 302, 404, 500]) {
      await start(
        filter('auth', { phase: 'auth', type: 'headers' }, () => ({ status, body: 'elsewhere' })),
        serving(),
        filter('post', { phase: 'post', type: 'headers' }),
      );
      expect(await post()).toMatchObject({ status, text: 'elsewhere' });
      expect(order()).toEqual(['auth', 'post']);
      seen.length = 0;
      await world.stop();
    }
    await start(
      serving(() => ({ status: 302, headers: { location: '/x' }, body: '' })),
      filter('post', { phase: 'post', type: 'headers' }),
    );
    expect((await post()).status).toBe(302);
    expect(order()).toEqual(['serving', 'post']);
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
});
