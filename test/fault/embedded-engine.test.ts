import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics, silentLog } from '#core';
import { createWarehouseClient, openWarehouse, type Warehouse, type WarehouseConnection } from '#warehouse';
import { poll } from '../support/poll.ts';

let folder: string;
let warehouses: Warehouse[];
let owners: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-engine-'));
  warehouses = [];
  owners = [];
});

afterEach(async () => {
  for (const warehouse of warehouses) await warehouse.stop();
  for (const owner of owners) owner.kill('SIGKILL');
  await poll('the engine has gone', async () => !isAlive((await registered())?.pid));
  await rm(folder, { recursive: true, force: true });
});

const open = async (metrics = createMetrics()): Promise<Warehouse> => {
  const warehouse = await openWarehouse({
    url: '',
    username: '',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: 640 * 2 ** 20,
    threads: 2,
    log: silentLog,
    metrics,
  });
  warehouses.push(warehouse);
  return warehouse;
};

/** Starts another process that opens the same data folder. */
const startOwner = async (): Promise<{
  readonly child: ChildProcess;
  readonly ownsEngine: boolean;
  readonly url: string;
}> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/engine-owner.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { ownsEngine: boolean; url: string }) };
};

const registered = async (): Promise<{ url: string; pid: number } | undefined> => {
  try {
    return JSON.parse(await readFile(join(folder, 'engine.json'), 'utf8')) as { url: string; pid: number };
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number | undefined): boolean => {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const pidOf = async (): Promise<number> => (await registered())?.pid as number;

const count = async (warehouse: Warehouse): Promise<number> => {
  const result = await warehouse.client.query({ query: 'SELECT count() FROM t', format: 'TabSeparated' });
  return Number(await result.text());
};

const createTable = (warehouse: Warehouse) =>
  warehouse.client.command({
    query: 'CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS fsync_after_insert = 1',
  });

describe('the embedded engine', () => {
  test('comes back at the same address when it was killed, with everything that was acknowledged', async () => {
    const metrics = createMetrics();
    const warehouse = await open(metrics);
    await createTable(warehouse);
    let acknowledged = 0;
    let isOver = false;
    const inserting = (async () => {
      while (!isOver) {
        try {
          await warehouse.client.insert({ table: 't', values: [{ a: acknowledged }], format: 'JSONEachRow' });
          acknowledged += 1;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged;
      await poll('some rows are acknowledged', () => acknowledged > before + 5);
      const pid = await pidOf();
      process.kill(pid, 'SIGKILL');
      await poll('it runs again', async () => {
        const now = await registered();
        return now !== undefined && now.pid !== pid && (await warehouse.client.ping()).success;
      });
    }
    isOver = true;
    await inserting;
    // An insert whose answer was lost may be in all the same: that is the loader's to find out.
    expect(await count(warehouse)).toBeGreaterThanOrEqual(acknowledged);
    expect(await count(warehouse)).toBeLessThanOrEqual(acknowledged + 3);
    expect((await registered())?.url).toBe(warehouse.connection.url);
    const restarts = (await metrics.values()).find(({ name }) => name === 'rumbrella_engine_restarts_total');
    expect(restarts?.values[0]?.value).toBe(3);
  });

  test('leaves neither process nor temporary files at an orderly stop, and is at the same address afterwards', async () => {
    const warehouse = await open();
    await createTable(warehouse);
    await warehouse.client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
    const pid = await pidOf();
    await warehouse.stop();
    await warehouse.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await registered()).toMatchObject({ pid, owner: null });
    const left = await readdir(join(folder, 'engine', 'spool'));
    expect(left.filter((name) => name.endsWith('.spool'))).toEqual([]);
    const again = await open();
    expect(await count(again)).toBe(1);
    expect(again.connection).toEqual(warehouse.connection);
  });

  test('takes another port at a start when the former one is in use', async () => {
    const first = await open();
    await first.stop();
    const other = createServer().listen(Number(new URL(first.connection.url).port), '127.0.0.1');
    await once(other, 'listening');
    const second = await open();
    expect((await second.client.ping({ select: true })).success).toBe(true);
    expect(second.connection.url).not.toBe(first.connection.url);
    other.close();
  });

  test('keeps its password to the owner of the file', async () => {
    await open();
    expect((await stat(join(folder, 'engine.json'))).mode & 0o777).toBe(0o600);
  });

  test('is shared by a second process, and by a second opening', async () => {
    const warehouse = await open();
    await createTable(warehouse);
    const second = await open();
    const other = await startOwner();
    expect([warehouse.ownsEngine, second.ownsEngine, other.ownsEngine]).toEqual([true, false, false]);
    expect(other.url).toBe(warehouse.connection.url);
    await second.stop();
    other.child.kill('SIGTERM');
    await once(other.child, 'exit');
    expect(await count(warehouse)).toBe(0);
  });

  test('is started by one of two processes that come at the same time', async () => {
    const both = await Promise.all([startOwner(), startOwner()]);
    expect(both.filter((one) => one.ownsEngine)).toHaveLength(1);
    expect(both[0]?.url).toBe(both[1]?.url);
  });

  test('ends when its parent is killed, and starts again from what it left', async () => {
    const owner = await startOwner();
    const pid = await pidOf();
    owner.child.kill('SIGKILL');
    await poll('the engine has ended', () => !isAlive(pid));
    expect(await registered()).toMatchObject({ pid });
    const warehouse = await open();
    expect(warehouse.ownsEngine).toBe(true);
    expect((await warehouse.client.ping({ select: true })).success).toBe(true);
  });

  test('is started by who comes right after its owner was killed, while it still ends a statement', async () => {
    const owner = await startOwner();
    const { url, username, password } = (await registered()) as unknown as WarehouseConnection;
    const running = createWarehouseClient({ url, username, password, database: 'default' }, 'embedded');
    const statement = running
      .query({ query: 'SELECT sleep(3) SETTINGS function_sleep_max_microseconds_per_block = 0' })
      .catch(() => undefined);
    await poll('the statement runs', async () => {
      const asked = await running.query({
        query: "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep(3)%'",
        format: 'TabSeparated',
      });
      return Number(await asked.text()) > 0;
    });
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const warehouse = await open();
    // Whoever got in before it noticed the end of its owner has it a moment later.
    await poll('it is ours', () => warehouse.ownsEngine);
    expect((await warehouse.client.ping({ select: true })).success).toBe(true);
    expect(warehouse.connection.url).toBe(url);
    await statement;
    await running.close();
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'is taken over, at its address and with its rows, by a process that used it when its owner ends by %s',
    async (signal) => {
      const owner = await startOwner();
      const warehouse = await open();
      const third = await startOwner();
      expect([owner.ownsEngine, warehouse.ownsEngine, third.ownsEngine]).toEqual([true, false, false]);
      await createTable(warehouse);
      await warehouse.client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
      const pid = await pidOf();
      owner.child.kill(signal);
      await once(owner.child, 'exit');
      await poll('another one answers', async () => {
        const now = await registered();
        return (
          now !== undefined && now.pid !== pid && (await warehouse.client.ping({ select: true })).success
        );
      });
      expect(await count(warehouse)).toBe(1);
      third.child.kill('SIGTERM');
      await once(third.child, 'exit');
      await poll('it is ours', () => warehouse.ownsEngine);
      expect(await count(warehouse)).toBe(1);
    },
  );

  test('is left to its owner, who starts it again, by a process that uses it', async () => {
    const owner = await startOwner();
    const warehouse = await open();
    const pid = await pidOf();
    process.kill(pid, 'SIGKILL');
    await poll('another one answers', async () => {
      const now = await registered();
      return now !== undefined && now.pid !== pid && (await warehouse.client.ping({ select: true })).success;
    });
    expect(await registered()).toMatchObject({ owner: owner.child.pid });
    expect(warehouse.ownsEngine).toBe(false);
  });

  test.each([
    ['names a process that has gone', { pid: 999_999_999 }],
    ['names a process that is no engine', { pid: process.pid }],
    ['is not what it should be', 'garbage'],
  ])('is started anew when the registration %s', async (_, content) => {
    const registration = {
      url: 'http://127.0.0.1:9',
      username: 'default',
      password: 'x',
      startedAt: new Date(),
    };
    const text = typeof content === 'string' ? content : JSON.stringify({ ...registration, ...content });
    await writeFile(join(folder, 'engine.json'), text);
    const warehouse = await open();
    expect(warehouse.ownsEngine).toBe(true);
    expect((await warehouse.client.ping({ select: true })).success).toBe(true);
  });

  test('does not insert what its caller gave up before all of it had come', async () => {
    const warehouse = await open();
    await createTable(warehouse);
    const { hostname, port } = new URL(warehouse.connection.url);
    const { username, password } = warehouse.connection;
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /?query=INSERT+INTO+t+FORMAT+CSV HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: ${username}\r\n` +
        `X-ClickHouse-Key: ${password}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n1\n\r\n`,
    );
    await poll('the data are on their way', async () =>
      (await readdir(join(folder, 'engine', 'spool'))).some((name) => name.endsWith('.spool')),
    );
    socket.destroy();
    await poll('the data are thrown away', async () =>
      (await readdir(join(folder, 'engine', 'spool'))).every((name) => !name.endsWith('.spool')),
    );
    expect(await count(warehouse)).toBe(0);
  });

  test('tells of no running insert only when none will begin any more', async () => {
    const warehouse = await open();
    await createTable(warehouse);
    const rows = Array.from({ length: 2_000 }, (_, a) => ({ a }));
    for (let round = 0; round < 30; round += 1) {
      const giveUp = new AbortController();
      const insert = warehouse.client
        .insert({ table: 't', values: rows, format: 'JSONEachRow', abort_signal: giveUp.signal })
        .catch(() => undefined);
      // Given up at a moment that moves through all of the insert's life.
      await new Promise((resolve) => setTimeout(resolve, round));
      giveUp.abort();
      await insert;
      const asked = await warehouse.client.query({
        query: "SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'",
        format: 'TabSeparated',
      });
      const running = Number(await asked.text());
      const now = await count(warehouse);
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (running === 0) expect(await count(warehouse)).toBe(now);
    }
  });
});
