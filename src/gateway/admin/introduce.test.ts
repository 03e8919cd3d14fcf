import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import { createSnapshot, parseUsersMap, type Snapshot } from '#tenants';
import type { ModuleDescriptor } from '../descriptor.ts';
import { createAutoDeploy } from './auto-deploy.ts';
import { createDeployment } from './deployment.ts';
import { createInstanceSecrets } from './instance-secrets.ts';
import { createInstaller } from './install.ts';
import { type Introductions, introduceTenants } from './introduce.ts';
import { openPersistentStore, type PersistentStore } from './persistent-store.ts';
import { gatewayTables } from './tables.ts';
import type { TenantChange } from './tenant-init.ts';

const clock = createManualClock(Date.UTC(2026, 10, 22, 12));
const notes: ModuleDescriptor = { id: 'notes-1.0.0' };
const users: ModuleDescriptor = { id: 'users-1.0.0' };

let folder: string;
let database: Database;
const stops: (() => Promise<void>)[] = [];
/** `tenant from → to` of every change that a module was told. */
const told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-introduce-'));
  database = await openDatabase({ url: '', path: join(folder, 'control.sqlite'), migrations: gatewayTables });
  told.length = 0;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Tenants by id; `diku t1` is one with a trace. */
const snapshotOf = (...ids: readonly string[]): Snapshot => {
  const text = ids
    .map((id) => id.split(' '))
    .map(
      ([prefix, trace]) =>
        `- user: { prefix: ${prefix}${trace === undefined ? '' : `, brum_trace: ${trace}`} }\n`,
    )
    .join('');
  const { tenants, relations } = parseUsersMap(Buffer.from(text));
  return createSnapshot(text, 0, tenants, relations);
};

/** A program that is started with these modules built in. */
const start = async (
  builtIn: readonly ModuleDescriptor[],
  ...tenants: readonly string[]
): Promise<{
  store: PersistentStore;
  introductions: Introductions;
  become: (...ids: readonly string[]) => Promise<void>;
}> => {
  const store = await openPersistentStore({ database, builtIn, clock, log: silentLog });
  const deployment = createDeployment({
    allowExec: false,
    nodeId: 'localhost',
    env: () => Promise.resolve([]),
    onExit: () => undefined,
    clock,
    log: silentLog,
  });
  const note = ({ tenant, from, to }: TenantChange): Promise<void> => {
    told.push(`${tenant} ${from?.id ?? ''} → ${to?.id ?? ''}`);
    return Promise.resolve();
  };
  const installer = createInstaller({
    store,
    init: note,
    permissions: { announce: () => Promise.resolve(), welcome: () => Promise.resolve() },
    autoDeploy: createAutoDeploy(store, deployment, createInstanceSecrets(store, false)),
    log: silentLog,
  });
  let listener: (snapshot: Snapshot, before: Snapshot) => void = () => undefined;
  const registry = {
    current: () => snapshotOf(...tenants),
    onChange: (added: typeof listener) => {
      listener = added;
      return () => undefined;
    },
  };
  const introductions = introduceTenants({
    registry,
    store,
    installer,
    database,
    builtIn,
    isForTenant: ({ id }, { traces }) => !id.startsWith('reports') || traces.length > 0,
    log: silentLog,
  });
  stops.push(
    () => introductions.stop(),
    () => store.stop(),
  );
  await introductions.settled();
  return {
    store,
    introductions,
    become: (...ids) => {
      listener(snapshotOf(...ids), snapshotOf());
      return introductions.settled();
    },
  };
};

test('a tenant gets the built-in modules once, when it is first seen', async () => {
  const { store, become } = await start([notes, users], 'diku');
  expect(store.enabledFor('diku')).toEqual(['notes-1.0.0', 'users-1.0.0']);
  await store.change('diku', ['notes-1.0.0'], []);
  await become('diku', 'roma');
  expect(store.enabledFor('diku')).toEqual(['users-1.0.0']);
  expect(store.enabledFor('roma')).toEqual(['notes-1.0.0', 'users-1.0.0']);
});

test('after a restart with newer built-in modules these replace the old ones, which nobody knows any more', async () => {
  await start([notes, users], 'diku');
  told.length = 0;
  const { store } = await start([{ id: 'notes-2.0.0' }, users], 'diku');
  expect(store.enabledFor('diku')).toEqual(['notes-2.0.0', 'users-1.0.0']);
  expect(told).toEqual(['diku notes-1.0.0 → notes-2.0.0']);
});

test('a module that is new in the program comes to tenants that are known', async () => {
  await start([notes], 'diku');
  const { store } = await start([notes, users], 'diku');
  expect(store.enabledFor('diku')).toEqual(['notes-1.0.0', 'users-1.0.0']);
});

test('what an operator has disabled or replaced stays so after a restart', async () => {
  const { store } = await start([notes, users], 'diku');
  await store.add([{ id: 'users-9.0.0' }]);
  await store.change('diku', ['notes-1.0.0', 'users-1.0.0'], ['users-9.0.0']);
  const again = await start([{ id: 'notes-2.0.0' }, { id: 'users-2.0.0' }], 'diku');
  expect(again.store.enabledFor('diku')).toEqual(['users-9.0.0']);
});

test('a tenant that was forgotten is new when it comes again', async () => {
  const { store, introductions, become } = await start([notes], 'diku');
  await store.change('diku', ['notes-1.0.0'], []);
  await introductions.forget('diku');
  await become('diku');
  expect(store.enabledFor('diku')).toEqual(['notes-1.0.0']);
});

test('a module that is not for a tenant comes to it as soon as it is', async () => {
  const { store, become } = await start([{ id: 'reports-1.0.0' }, users], 'diku');
  expect(store.enabledFor('diku')).toEqual(['users-1.0.0']);
  await become('diku t1', 'roma');
  expect(store.enabledFor('diku')).toEqual(['reports-1.0.0', 'users-1.0.0']);
  expect(store.enabledFor('roma')).toEqual(['users-1.0.0']);
});

test('a module that somebody has enabled for a tenant that it is not for is kept up to date', async () => {
  const { store } = await start([{ id: 'reports-1.0.0' }], 'diku');
  await store.change('diku', [], ['reports-1.0.0']);
  const again = await start([{ id: 'reports-2.0.0' }], 'diku');
  expect(again.store.enabledFor('diku')).toEqual(['reports-2.0.0']);
});
