import { describe, expect, it } from 'vitest';
import { of, seen, serving, startPipeline, world } from '../../../support/pipeline-world.ts';

/** Which paths and methods a routing entry takes. */
describe('a routing entry', () => {
  const statusOf = async (path: string, method = 'GET'): Promise<number> =>
    (await world.send({ method, path, headers: { 'X-Okapi-Tenant': 'shop' } })).status;

  it.each<readonly [pattern: string, taken: readonly string[], left: readonly string[]]>([
    ['/a', ['/a', '/a?x=1', '/a?x=/a/b'], ['/a/', '/A', '/ab', '/a/b', '/']],
    ['/a/', ['/a/'], ['/a']],
    ['/a/{id}', ['/a/b', '/a/b%2Fc', '/a/{id}'], ['/a/', '/a', '/a/b/c', '/a/b/']],
    ['/a*', ['/a', '/ab', '/a/', '/a/b/c'], ['/', '/b/a']],
    ['/a/{id}/c*', ['/a/1/c', '/a/1/cd/e'], ['/a/1/d', '/a//c', '/a/1/2/c']],
    ['/a/*/c/{id}', ['/a/b/c/1', '/a/b/b/c/1', '/a//c/1'], ['/a/b/c/', '/a/b/c/1/2']],
    ['/*', ['/', '/a', '/a/b/'], []],
  ])('§1.5 with the pattern %s takes the whole path or leaves it', async (pathPattern, taken, left) => {
    await startPipeline('in process', serving(undefined, { pathPattern }));
    for (const path of taken) expect([path, await statusOf(path)]).toEqual([path, 200]);
    for (const path of left) expect([path, await statusOf(path)]).toEqual([path, 404]);
    expect(seen).toHaveLength(taken.length);
  });

  it('§1.5 with a path of the older form takes what begins like it, the query included', async () => {
    await startPipeline('in process', serving(undefined, { pathPattern: undefined, path: '/red?x=' }));
    expect(await statusOf('/red?x=1')).toBe(200);
    expect(await statusOf('/red?y=1')).toBe(404);
    expect(await statusOf('/red')).toBe(404);
  });

  it('§1.5 takes the methods that it names, or all of them', async () => {
    await startPipeline('in process', serving(undefined, { methods: ['PATCH', 'GET'] }));
    expect(await statusOf('/things', 'PATCH')).toBe(200);
    expect(await statusOf('/things', 'POST')).toBe(404);
    expect(await statusOf('/things', 'HEAD')).toBe(404);
    await world.stop();
    seen.length = 0;
    await startPipeline('in process', serving(undefined, { methods: ['*'] }));
    for (const method of ['PATCH', 'PUT', 'DELETE', 'HEAD'])
      expect(await statusOf('/things', method)).toBe(200);
    expect(of('serving')?.method).toBe('PATCH');
  });
});
