import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import type { Hosting } from '../../../support/gateway-world.ts';
import { filter, of, order, post, serving, startPipeline } from '../../../support/pipeline-world.ts';

/** In which order the entries run, and what each of them is told before. */
describe.each<Hosting>(['in process', 'remote'])('the entries of a request over modules %s', (hosting) => {
  const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

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
});
