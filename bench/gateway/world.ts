import { createMetrics, silentLog, systemClock } from '#core';
import {
  createGateway,
  createMemoryModuleStore,
  createTokens,
  type Gateway,
  parseDescriptor,
  type Tokens,
} from '#gateway';
import type { Module } from '#gateway/contract';
import { createSnapshot, parseUsersMap } from '#tenants';

/** Key of the bench's tokens: the load makes the user's token by itself. */
export const benchKey = new Uint8Array(32).fill(9);

/** A user's token for the load. */
export const benchTokens = (): Tokens =>
  createTokens({ key: benchKey, accessTokenSeconds: 3_600 }, systemClock);

const yaml = `
- user: { prefix: shop, brum_trace: SHOP1234, expire: 2199-01-01 }
- user: { prefix: agency, expire: 2199-01-01 }
- relation: { tenant: agency, executes_as: [shop], modules: [mod-notes], permissions: ['*'], expire: 2199-01-01 }
`;

const entry = (path: string) => ({ methods: ['GET'], pathPattern: path, permissionsRequired: ['notes.get'] });

/**
 * A gateway as it is in production: an auth filter in process, a handler (in process, or remote when `upstream` is given) that
 * reads its token and its body, and 2,000 other routes.
 */
export const createBenchGateway = (upstream: string | null): Gateway => {
  const { tenants, relations } = parseUsersMap(yaml);
  const snapshot = createSnapshot('bench', 0, tenants, relations);
  const store = createMemoryModuleStore();
  const notes = parseDescriptor({
    id: 'mod-notes-1.0.0',
    provides: [
      {
        id: 'notes',
        version: '1.0',
        handlers: [
          entry('/notes/{id}'),
          { methods: ['POST'], pathPattern: '/notes', permissionsRequired: ['notes.get'] },
          { methods: ['GET', 'POST'], pathPattern: '/large', permissionsRequired: [] },
          ...Array.from({ length: 2_000 }, (_, index) => entry(`/other-${index % 100}/part-${index}/{id}`)),
        ],
      },
    ],
  });
  const answer = JSON.stringify({ id: '7', content: 'x'.repeat(200) });
  const modules: Module[] = [
    {
      descriptor: parseDescriptor({
        id: 'mod-auth-1.0.0',
        filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
      }),
      handlers: {},
      authorise: async (request) => {
        const held = await permissions;
        return request.permissionsRequired.every((name) => held.has(name))
          ? {
              kind: 'granted',
              userId: request.token?.userId ?? null,
              permissions: request.permissionsRequired,
            }
          : { kind: 'refused', status: 403, message: 'no' };
      },
    },
  ];
  if (upstream === null) {
    const handlers = (notes.provides?.[0]?.handlers ?? []).flatMap(({ methods, pathPattern }) =>
      (methods ?? []).map((method) => [
        `${method} ${pathPattern}`,
        async (request: Parameters<Module['handlers'][string]>[0]) => {
          if ((request.headers['x-okapi-token'] ?? '').length < 100) throw new Error('no token');
          if (request.method === 'POST') await request.body.bytes();
          return { status: 200, headers: { 'content-type': 'application/json' }, body: answer };
        },
      ]),
    );
    modules.push({ descriptor: notes, handlers: Object.fromEntries(handlers) });
  } else {
    store.add(notes);
    store.discover(notes.id, { instId: 'one', url: upstream });
  }
  store.enable('shop', 'mod-auth-1.0.0', 'mod-notes-1.0.0');
  return createGateway(
    {
      registry: { current: () => snapshot },
      store,
      modules,
      tokens: benchTokens(),
      clock: systemClock,
      log: silentLog,
      metrics: createMetrics(),
    },
    { url: () => 'http://localhost:8080' },
  );
};

const permissions = Promise.resolve(new Set(['notes.get']));
