import { afterEach, describe, expect, test } from 'vitest';
import { sendBeacon } from '../support/beacon-sender.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

let servers: RunningRumbrella[] = [];

afterEach(async () => {
  for (const server of servers) await server.end();
  await servers[0]?.remove();
  servers = [];
});

const sendSome = async (server: RunningRumbrella, tag: string): Promise<readonly string[]> => {
  const ids = Array.from({ length: 20 }, (_, index) => `${tag}${index}`);
  expect(await Promise.all(ids.map((id) => sendBeacon(server.url, id)))).toEqual(ids.map(() => 204));
  return ids;
};

const storedIds = async (server: RunningRumbrella): Promise<readonly string[]> => {
  const rows = await server.sql<{ id: string }>('SELECT page_id AS id FROM demo_shop_webperf_rum_events');
  return rows.map(({ id }) => id).toSorted();
};

const expectStored = async (server: RunningRumbrella, ids: readonly string[]): Promise<void> => {
  const count = async (): Promise<number> => (await storedIds(server).catch(() => [])).length;
  await poll('all are stored', async () => (await count()) >= ids.length, 90_000);
  expect(await storedIds(server)).toEqual(ids.toSorted());
};

describe('two processes on one data folder', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'the one that is left goes on with engine and loading when the one that had both ends by %s',
    async (signal) => {
      const loader = await startRumbrella({ args: ['--only', 'loader'] });
      servers.push(loader);
      const other = await startRumbrella({ folder: loader.folder });
      servers.push(other);
      const before = await sendSome(other, 'before');
      await expectStored(other, before);
      await loader.end(signal);
      const after = await sendSome(other, 'after');
      await expectStored(other, [...before, ...after]);
      expect(other.log.some(({ event }) => event === 'engine_taken_over')).toBe(true);
      await poll('all is well', async () => (await fetch(`${other.url}/health?deep=1`)).ok, 90_000);
    },
  );
});
