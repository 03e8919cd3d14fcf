import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import type { ModuleDescriptor } from '#gateway';
import { gatewayTables, openPersistentStore, type PersistentStore } from '#gateway/admin';
import { poll } from '../support/poll.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

const builtIn: ModuleDescriptor = { id: 'mod-own-1.0.0' };
const books: ModuleDescriptor = {
  id: 'books-1.0.0',
  metadata: JSON.parse('{"zebra":1,"__proto__":{"a":1},"é":"☂"}') as Record<string, unknown>,
};
const notes: ModuleDescriptor = { id: 'notes-1.0.0' };

let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

describe.each(['sqlite', 'postgres'] as const)('the module store on %s', (kind) => {
  let folder: string;
  let clock: ManualClock;
  const open: { database: Database; store: PersistentStore }[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rumbrella-store-'));
    clock = createManualClock(Date.UTC(2026, 0, 1));
  });
  afterEach(async () => {
    for (const { database, store } of open.splice(0)) {
      await store.stop();
      const tables = database.as<Record<string, object>>();
      if (kind === 'postgres')
        for (const table of ['gateway_modules', 'gateway_enabled', 'gateway_instances'])
          await tables.deleteFrom(table).execute();
      await database.stop();
    }
    await rm(folder, { recursive: true, force: true });
  });

  /** A node of its own on the same database. */
  const aNode = async (modules: readonly ModuleDescriptor[] = [builtIn]): Promise<PersistentStore> => {
    const database = await openDatabase({
      url: kind === 'sqlite' ? '' : postgres.url,
      path: join(folder, 'control.sqlite'),
      migrations: gatewayTables,
    });
    const store = await openPersistentStore({ database, builtIn: modules, clock, log: silentLog });
    open.push({ database, store });
    return store;
  };
  /** Lets a node look for changes of others. */
  const seen = (what: string, look: () => boolean): Promise<unknown> =>
    poll(what, () => {
      clock.advance(2_000);
      return look();
    });
  const everything = (store: PersistentStore) => ({
    modules: store.modules(),
    enabled: ['a', 'b'].map((tenant) => store.enabledFor(tenant)),
    discoveries: store.discoveries(),
    instances: store.instances('books-1.0.0'),
    users: store.tenantsWith('books-1.0.0'),
  });
  const fill = async (store: PersistentStore): Promise<void> => {
    await store.add([books, notes]);
    await store.change('a', [], ['notes-1.0.0', 'books-1.0.0', 'mod-own-1.0.0']);
    await store.change('b', [], ['books-1.0.0']);
    await store.discover({ srvcId: 'books-1.0.0', instId: 'one', url: 'http://127.0.0.1:1' });
  };

  test('keeps everything over a reopening, to the order of keys', async () => {
    const first = await aNode();
    await fill(first);
    const before = everything(first);
    expect(before).toEqual({
      modules: [builtIn, books, notes],
      enabled: [['books-1.0.0', 'mod-own-1.0.0', 'notes-1.0.0'], ['books-1.0.0']],
      discoveries: [{ srvcId: 'books-1.0.0', instId: 'one', url: 'http://127.0.0.1:1' }],
      instances: [{ instId: 'one', url: 'http://127.0.0.1:1' }],
      users: ['a', 'b'],
    });
    const second = await aNode();
    expect(JSON.stringify(everything(second))).toBe(JSON.stringify(before));
    expect(JSON.stringify(second.descriptor('books-1.0.0'))).toBe(JSON.stringify(books));
  });

  test('is seen by another node, after its next look and with one call of its listeners', async () => {
    const [one, two] = [await aNode(), await aNode()];
    let calls = 0;
    two.onChange(() => {
      calls += 1;
    });
    await one.change('a', [], ['mod-own-1.0.0']);
    await seen('the other node knows', () => two.enabledFor('a').length === 1);
    expect(calls).toBe(1);
    await fill(one);
    await seen('the other node knows everything', () => two.instances('books-1.0.0').length === 1);
    expect(everything(two)).toEqual(everything(one));
  });

  test('is the same in memory as what was written, whoever writes', async () => {
    const [one, two] = [await aNode(), await aNode()];
    const instance = (instId: string) => ({ srvcId: 'books-1.0.0', instId, url: 'http://127.0.0.1:1' });
    const writes = [
      () => one.add([books]),
      () => two.add([notes]),
      () => one.change('a', [], ['mod-own-1.0.0']),
      () => two.change('b', [], ['mod-own-1.0.0']),
      () => one.discover(instance('one')),
      () => two.discover(instance('two')),
    ];
    if (kind === 'postgres') await Promise.all(writes.map((write) => write()));
    // SQLite lets the nodes of one machine wait for each other, which two of one process cannot.
    else for (const write of writes) await write();
    await one.change('a', ['mod-own-1.0.0'], ['books-1.0.0']);
    await two.remove(['notes-1.0.0']);
    await one.forget(['two']);
    const truth = everything(await aNode());
    await seen('both nodes agree', () =>
      [one, two].every((store) => JSON.stringify(everything(store)) === JSON.stringify(truth)),
    );
    expect(truth.enabled).toEqual([['books-1.0.0'], ['mod-own-1.0.0']]);
    expect(truth.modules).toEqual([builtIn, books]);
  });

  test('gives the same lists and descriptors as long as they have not changed', async () => {
    const [one, two] = [await aNode(), await aNode()];
    await fill(one);
    await seen('the other node knows', () => two.instances('books-1.0.0').length === 1);
    const [list, descriptor] = [two.enabledFor('a'), two.descriptor('books-1.0.0')];
    await one.change('b', ['books-1.0.0'], []);
    await seen('the other node knows', () => two.enabledFor('b').length === 0);
    expect(two.enabledFor('a')).toBe(list);
    expect(two.descriptor('books-1.0.0')).toBe(descriptor);
    expect(Object.isFrozen(list)).toBe(true);
  });

  test('reads a descriptor anew that was removed and added again with other content', async () => {
    const [one, two] = [await aNode(), await aNode()];
    await one.add([books]);
    await seen('the other node knows', () => two.descriptor('books-1.0.0') !== undefined);
    await one.remove(['books-1.0.0']);
    await one.add([{ id: 'books-1.0.0', name: 'second edition' }]);
    await seen('the other node knows', () => two.descriptor('books-1.0.0')?.name === 'second edition');
  });

  test('keeps a descriptor that is there, and one instance of an id', async () => {
    const store = await aNode();
    await store.add([books]);
    await store.add([{ id: 'books-1.0.0', name: 'other' }, notes]);
    expect(store.modules()).toEqual([builtIn, books, notes]);
    const instance = { srvcId: 'books-1.0.0', instId: 'one', url: 'http://127.0.0.1:1' };
    expect(await store.discover(instance)).toBe(true);
    expect(await store.discover({ ...instance, url: 'http://127.0.0.1:2' })).toBe(false);
    expect(store.instances('books-1.0.0')).toEqual([{ instId: 'one', url: 'http://127.0.0.1:1' }]);
  });

  test('keeps the secret of an instance for the gateway of every node, and tells it nobody else', async () => {
    const [one, two] = [await aNode(), await aNode()];
    const bare = { srvcId: 'books-1.0.0', instId: 'one', url: 'http://127.0.0.1:1' };
    const shared = { ...bare, instId: 'two', secret: 'a-secret-of-an-instance-0123456789' };
    await one.discover(bare);
    await one.discover(shared);
    await seen('the other node knows', () => two.instances('books-1.0.0').length === 2);
    for (const store of [one, two, await aNode()]) {
      expect(store.instances('books-1.0.0').map(({ secret }) => secret)).toEqual([undefined, shared.secret]);
      expect(store.discoveries()).toEqual([bare, { ...shared, secret: '********' }]);
    }
    await one.forget(['one']);
    await seen('the other node has forgotten', () => two.instances('books-1.0.0').length === 1);
    for (const store of [one, two])
      expect(store.instances('books-1.0.0').map(({ secret }) => secret)).toEqual([shared.secret]);
  });

  test('has no built-in modules in the database, and they count before posted ones', async () => {
    const older = await aNode([]);
    await older.add([{ id: 'mod-own-1.0.0', name: 'posted' }]);
    const newer = await aNode();
    expect(newer.modules()).toEqual([builtIn]);
    expect([newer.isBuiltIn('mod-own-1.0.0'), older.isBuiltIn('mod-own-1.0.0')]).toEqual([true, false]);
  });
});
