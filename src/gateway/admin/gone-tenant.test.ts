import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import { createSnapshot, parseUsersMap, type Snapshot } from '#tenants';
import { createAdmin } from './api.ts';
import { createDeployment } from './deployment.ts';
import { moduleRoutes } from './modules.ts';
import { openPersistentStore, type PersistentStore } from './persistent-store.ts';
import { gatewayTables } from './tables.ts';
import { tenantRoutes } from './tenants.ts';

const clock = createManualClock(Date.UTC(2026, 10, 22, 12));
let database: Database;
let store: PersistentStore;
let snapshot: Snapshot;

const becomes = (text: string): void => {
  const { tenants, relations } = parseUsersMap(text);
  snapshot = createSnapshot(text, 0, tenants, relations);
};
const remove = async (path: string): Promise<readonly [number, unknown]> => {
  const deployment = createDeployment({
    allowExec: false,
    nodeId: 'localhost',
    env: () => Promise.resolve([]),
    onExit: () => undefined,
    clock,
    log: silentLog,
  });
  const world = { store, registry: { current: () => snapshot }, deployment };
  const notCalled = () => Promise.reject(new Error('the file is not touched'));
  const admin = createAdmin(
    moduleRoutes(world, []),
    tenantRoutes(world, {
      tenantFile: { add: notCalled, rename: notCalled, remove: notCalled },
      descriptions: { all: () => Promise.resolve(new Map()), set: () => Promise.resolve() },
      introduced: () => Promise.resolve(),
      forget: (tenant) => store.change(tenant, store.enabledFor(tenant), []),
    }),
  );
  const answer = await admin({
    requestId: '1',
    method: 'DELETE',
    path,
    query: new URLSearchParams(),
    headers: {},
    body: { bytes: async () => new Uint8Array(), json: async () => null, stream: () => expect.unreachable() },
  });
  return [answer.status, answer.body ?? ''];
};

beforeEach(async () => {
  database = await openDatabase({ url: '', path: ':memory:', migrations: gatewayTables });
  store = await openPersistentStore({ database, builtIn: [], clock, log: silentLog });
  becomes('- user: { prefix: shop }');
  await store.add([{ id: 'notes-1.0.0' }]);
  await store.change('shop', [], ['notes-1.0.0']);
});
afterEach(async () => {
  await store.stop();
  await database.stop();
});

test('a module stays that a tenant has which is gone from the users map, until the tenant is forgotten', async () => {
  becomes('- user: { prefix: news }');
  expect(await remove('/_/proxy/modules/notes-1.0.0')).toEqual([
    400,
    'delete: module notes-1.0.0 is used by tenant shop, which is not in the users map: DELETE /_/proxy/tenants/shop forgets it',
  ]);
  expect((await remove('/_/proxy/tenants/shop'))[0]).toBe(204);
  expect((await remove('/_/proxy/modules/notes-1.0.0'))[0]).toBe(204);
  expect((await remove('/_/proxy/tenants/shop'))[0]).toBe(404);
});

test('a tenant that comes back in the meantime has its modules', async () => {
  becomes('');
  await remove('/_/proxy/modules/notes-1.0.0');
  becomes('- user: { prefix: shop }');
  expect(store.enabledFor('shop')).toEqual(['notes-1.0.0']);
  expect(store.descriptor('notes-1.0.0')).toBeDefined();
});
