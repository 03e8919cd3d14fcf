import { describe, expect, it } from 'vitest';
import { parseDescriptor } from './descriptor.ts';
import { createMemoryModuleStore } from './module-store.ts';
import { createRoutes } from './routes.ts';

const module = (id: string, ...paths: string[]) =>
  parseDescriptor({
    id,
    provides: [
      {
        id,
        version: '1.0',
        handlers: paths.map((pathPattern) => ({ methods: ['GET'], pathPattern, permissionsRequired: [] })),
      },
    ],
  });
const find = (routes: ReturnType<typeof createRoutes>, tenant: string, path: string): string | undefined =>
  routes.of(tenant).handler('GET', path.split('?')[0] ?? '', path, null)?.label;

describe('the routes of a tenant', () => {
  it('are one table for tenants with the same modules', () => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', '/a'));
    for (const tenant of ['x', 'y']) store.enable(tenant, 'a-1.0.0');
    const routes = createRoutes(store);
    expect(routes.of('x')).toBe(routes.of('y'));
    expect(routes.of('nobody').handler('GET', '/a', '/a', null)).toBeNull();
  });

  it('follow what is enabled, at once', () => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', '/a'));
    const routes = createRoutes(store);
    expect(find(routes, 'x', '/a')).toBeUndefined();
    store.enable('x', 'a-1.0.0');
    expect(find(routes, 'x', '/a')).toBe('/a');
    store.disable('x', 'a-1.0.0');
    expect(find(routes, 'x', '/a')).toBeUndefined();
  });

  it('are those of the new descriptor when a module is removed and added again', () => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', '/old'));
    store.enable('x', 'a-1.0.0');
    const routes = createRoutes(store);
    expect(find(routes, 'x', '/old')).toBe('/old');
    store.disable('x', 'a-1.0.0');
    store.remove('a-1.0.0');
    store.add(module('a-1.0.0', '/new'));
    store.enable('x', 'a-1.0.0');
    expect([find(routes, 'x', '/old'), find(routes, 'x', '/new')]).toEqual([undefined, '/new']);
  });

  it('are those of the new descriptor when that happens while the module is enabled', () => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', '/old'));
    store.add(module('b-1.0.0', '/b'));
    store.enable('x', 'a-1.0.0');
    store.enable('y', 'b-1.0.0');
    const routes = createRoutes(store);
    const ofB = routes.of('y');
    expect(find(routes, 'x', '/old')).toBe('/old');
    store.remove('a-1.0.0');
    expect(find(routes, 'x', '/old')).toBeUndefined();
    store.add(module('a-1.0.0', '/new'));
    expect([find(routes, 'x', '/old'), find(routes, 'x', '/new')]).toEqual([undefined, '/new']);
    expect(routes.of('y')).toBe(ofB);
  });

  it.each([
    ['/a/client_id', '/a/client_id'],
    ['/a/7', '/a/{id}'],
    ['/a/7/b', '/a/{id}/b'],
    ['/a', '/a*'],
    ['/a/x/y/z', '/a*'],
    ['/', '/*'],
    ['//a', '/*'],
    ['/a/', '/a*'],
    ['/b/', '/b/'],
  ])('lead %s to %s', (path, label) => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', '/a/{id}', '/a*', '/a/{id}/b', '/*', '/b/'));
    store.add(module('z-1.0.0', '/a/client_id'));
    store.enable('x', 'a-1.0.0', 'z-1.0.0');
    expect(find(createRoutes(store), 'x', path)).toBe(label);
  });

  it('match a legacy path as a prefix of path and query', () => {
    const store = createMemoryModuleStore();
    store.add(
      parseDescriptor({
        id: 'a-1.0.0',
        filters: [{ methods: ['*'], path: '/red', type: 'headers' }],
      }),
    );
    store.enable('x', 'a-1.0.0');
    const table = createRoutes(store).of('x');
    expect(table.filters('GET', '/redlight', '/redlight?x').length).toBe(1);
    expect(table.filters('GET', '/blue', '/blue').length).toBe(0);
  });

  it('are found among thousands, and a path of thousands of slashes is no trouble', () => {
    const store = createMemoryModuleStore();
    store.add(module('a-1.0.0', ...Array.from({ length: 5_000 }, (_, index) => `/p${index}/{id}`)));
    store.enable('x', 'a-1.0.0');
    const routes = createRoutes(store);
    expect(find(routes, 'x', '/p4999/1')).toBe('/p4999/{id}');
    expect(find(routes, 'x', '/'.repeat(8_000))).toBeUndefined();
  });
});
