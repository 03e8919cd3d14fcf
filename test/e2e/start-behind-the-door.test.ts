import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { sendBeacon } from '../support/beacon-sender.ts';
import { poll } from '../support/poll.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let rumbrella: RunningRumbrella | undefined;
let postgres: RunningPostgres | undefined;
let away: TcpProxy | undefined;

afterEach(async () => {
  await rumbrella?.remove();
  await away?.stop();
  await postgres?.stop();
  away = undefined;
  rumbrella = undefined;
  postgres = undefined;
});

const logged = (event: string): boolean => rumbrella?.log.some((line) => line['event'] === event) ?? false;

const failuresOf = (part: string): number =>
  rumbrella?.log.filter((line) => line['event'] === 'start_failed' && line['part'] === part).length ?? 0;

const sendSome = async (server: RunningRumbrella, tag: string): Promise<readonly string[]> => {
  const ids = Array.from({ length: 20 }, (_, index) => `${tag}${index}`);
  expect(await Promise.all(ids.map((id) => sendBeacon(server.url, id)))).toEqual(ids.map(() => 204));
  return ids.toSorted();
};

const storedIds = async (server: RunningRumbrella): Promise<readonly string[]> => {
  const rows = await server.sql<{ id: string }>('SELECT page_id AS id FROM demo_shop_webperf_rum_events');
  return rows.map(({ id }) => id).toSorted();
};

const untilStored = (server: RunningRumbrella, ids: readonly string[]): Promise<true> =>
  poll('all are stored', async () => (await storedIds(server).catch(() => [])).length >= ids.length, 90_000);

const textOf = async (server: RunningRumbrella, path: string): Promise<readonly [number, string]> => {
  const answer = await fetch(`${server.url}${path}`);
  return [answer.status, await answer.text()];
};

describe('beacons are taken and loaded, and nothing ends,', () => {
  test('while PostgreSQL is away at the start, and the back office is there when it has come', async () => {
    postgres = await startPostgres();
    const { host, pathname } = new URL(postgres.url);
    const proxy = (away = await startTcpProxy(`http://${host}`));
    proxy.mode = 'refuse';
    const server = (rumbrella = await startRumbrella({
      until: 'server_started',
      env: { RUMBRELLA_DATABASE_URL: `postgres://rumbrella@${new URL(proxy.url).host}${pathname}` },
    }));
    await poll('the gateway was tried twice', () => failuresOf('gateway') >= 2);
    const ids = await sendSome(server, 'pg');
    await untilStored(server, ids);
    expect(await storedIds(server)).toEqual(ids);
    expect(await textOf(server, '/organizations')).toEqual([
      503,
      'the gateway cannot be started yet; it is tried again',
    ]);
    expect(await textOf(server, '/health')).toEqual([200, 'ok']);
    expect((await textOf(server, '/health?deep=1'))[0]).toBe(503);

    proxy.mode = 'pass';
    await poll('everything is there', () => logged('server_ready'), 90_000);
    // The gateway answers: it asks for whom the request is.
    expect((await textOf(server, '/organizations'))[0]).toBe(400);
    expect(await textOf(server, '/health?deep=1')).toEqual([200, 'ok']);
    await server.end();
    expect(server.process.exitCode).toBe(0);
  });

  test('while the engine cannot open its data, and all of it is stored when it can', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rumbrella-'));
    await mkdir(join(folder, 'data', 'engine'), { recursive: true });
    const blocked = join(folder, 'data', 'engine', 'clickhouse');
    await writeFile(blocked, 'in the way');
    const server = (rumbrella = await startRumbrella({ folder, until: 'server_started' }));
    await poll('the warehouse was tried twice', () => failuresOf('warehouse') >= 2);
    const ids = await sendSome(server, 'en');
    expect(await textOf(server, '/organizations')).toEqual([
      503,
      'the warehouse cannot be started yet; it is tried again',
    ]);
    const [status, text] = await textOf(server, '/health?deep=1');
    expect([status, text]).toEqual([503, expect.stringContaining('warehouse: it has not been opened')]);
    await rm(blocked);
    await poll('everything is there', () => logged('server_ready'), 90_000);
    await untilStored(server, ids);
    expect(await storedIds(server)).toEqual(ids);
  });
});

describe('health', () => {
  test('of a collector stays ok while its users map is refused; the deep look says so', async () => {
    const server = (rumbrella = await startRumbrella({ args: ['--only', 'collector'] }));
    expect(await textOf(server, '/health?deep=1')).toEqual([200, 'ok']);
    const map = join(server.folder, 'users-map.yaml');
    await writeFile(map, `${await readFile(map, 'utf8')}- user: { prefix: "Not Good" }\n`);
    const text = await poll('it is told', async () => {
      const [status, found] = await textOf(server, '/health?deep=1');
      return status === 503 && found;
    });
    expect(text).toBe('degraded\nusers_map: the file is refused, the last good one is in force');
    expect(await textOf(server, '/health')).toEqual([200, 'ok']);
    expect(await textOf(server, '/health?other')).toEqual([200, 'ok']);
  });

  test('of a process that only loads is bad until its loader is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rumbrella-'));
    await mkdir(join(folder, 'data', 'engine'), { recursive: true });
    const blocked = join(folder, 'data', 'engine', 'clickhouse');
    await writeFile(blocked, 'in the way');
    const args = ['--only', 'loader'];
    const server = (rumbrella = await startRumbrella({ folder, args, until: 'server_started' }));
    await poll('the warehouse was tried', () => failuresOf('warehouse') >= 1);
    expect(await textOf(server, '/health')).toEqual([503, 'the loader is not started']);
    await rm(blocked);
    await poll('it is well', async () => (await textOf(server, '/health?deep=1'))[0] === 200, 90_000);
    expect(await textOf(server, '/health')).toEqual([200, 'ok']);
  });
});

describe('a start that cannot listen', () => {
  test('ends with a sentence and a code, although parts of it were started', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const starting = startRumbrella({ until: 'server_started', env: { RUMBRELLA_PORT: String(port) } });
    await expect(starting).rejects.toThrow(`ended with 1:\nrumbrella: listening on port ${port}`);
    other.close();
  });

  test('ends with a sentence and a code when there is no certificate', async () => {
    const env = {
      RUMBRELLA_TLS_MODE: 'file',
      RUMBRELLA_TLS_CERT_FILE: '/nowhere/cert.pem',
      RUMBRELLA_TLS_KEY_FILE: '/nowhere/key.pem',
    };
    await expect(startRumbrella({ until: 'server_started', env })).rejects.toThrow(
      /ended with 1:\nrumbrella: .*cert/,
    );
  });
});
