import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parseDescriptor } from '#gateway';
import { compileModule } from '../../src/gateway/entry.ts';
import { createRemoteStage } from '../../src/gateway/stages/remote.ts';
import type { Stage, StageCall } from '../../src/gateway/stages/stage.ts';
import { startWorld } from '../support/gateway-world.ts';

const descriptor = parseDescriptor({
  id: 'm-1.0.0',
  provides: [
    {
      id: 'm',
      version: '1.0',
      handlers: [{ methods: ['GET'], pathPattern: '/m/{id}', permissionsRequired: [] }],
    },
  ],
});
const [entry] = compileModule(descriptor).entries;
if (entry === undefined) throw new Error('no entry');

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const listen = async (listener: RequestListener): Promise<string> => {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A module that answers when it is told to, behind one connection. */
const startNarrow = async (timeoutMs: number, maxWaiting = 10) => {
  const asked: string[] = [];
  const open: ServerResponse[] = [];
  const url = await listen((req, res) => {
    asked.push(req.url ?? '');
    open.push(res);
  });
  const stage: Stage = createRemoteStage(
    () => [{ instId: 'one', url }],
    {
      connectTimeoutMs: 1_000,
      headersTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
      allow: ['127.0.0.0/8'],
      maxConnections: 1,
      maxWaiting,
    },
    () => undefined,
  );
  stops.push(() => stage.stop());
  const ask = (id: string, extra: Partial<StageCall> = {}) =>
    stage.call({
      entry,
      method: 'GET',
      uri: `/m/${id}`,
      headers: {},
      body: null,
      contentLength: null,
      onGone: () => () => undefined,
      ...extra,
    } as StageCall);
  const busy = async () => {
    const first = ask('first');
    await expect.poll(() => asked).toEqual(['/m/first']);
    return { first, answer: () => open.shift()?.end('ok') };
  };
  return { ask, asked, busy };
};

describe('a request that waits for a connection to a module', () => {
  test('is answered 504 in time, and never sent', async () => {
    const { ask, asked, busy } = await startNarrow(400);
    const { first } = await busy();
    const settled = Promise.allSettled([first]);
    await expect(ask('second')).rejects.toMatchObject({ code: 'GATEWAY_MODULE_TIMEOUT', status: 504 });
    await settled;
    await sleep(50);
    expect(asked).toEqual(['/m/first']);
  });

  test('is over at once when its client goes, and costs nobody else a connection', async () => {
    const { ask, asked, busy } = await startNarrow(10_000);
    const { first, answer } = await busy();
    let gone: () => void = () => undefined;
    const second = ask('second', {
      onGone: (told) => {
        gone = told;
        return () => undefined;
      },
    });
    const third = ask('third');
    gone();
    await expect(second).rejects.toMatchObject({ code: 'GATEWAY_CLIENT_GONE' });
    answer();
    await first;
    await expect.poll(() => asked).toEqual(['/m/first', '/m/third']);
    answer();
    expect((await third).status).toBe(200);
  });

  test('is answered 503 at once when too many others wait, and not when they have gone', async () => {
    const { ask, asked, busy } = await startNarrow(10_000, 1);
    const { first, answer } = await busy();
    const second = ask('second');
    await expect(ask('third')).rejects.toMatchObject({ code: 'GATEWAY_MODULE_BUSY', status: 503 });
    answer();
    await first;
    await expect.poll(() => asked).toEqual(['/m/first', '/m/second']);
    answer();
    await second;
    const fourth = ask('fourth');
    await expect.poll(() => asked).toContain('/m/fourth');
    answer();
    expect((await fourth).status).toBe(200);
  });
});

test('the gateway says when to come again', async () => {
  const url = await listen(() => undefined);
  const world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', []);
  stops.push(() => world.stop());
  world.store.add(descriptor);
  world.store.discover('m-1.0.0', { instId: 'one', url });
  world.store.enable('shop', 'm-1.0.0');
  // 256 are under way and 1,024 wait; nobody is answered but those who are too many.
  const sent = Array.from({ length: 1_281 }, () =>
    world.send({ path: '/m/1', headers: { 'x-okapi-tenant': 'shop' } }),
  );
  const answer = await Promise.any(sent);
  expect(answer).toMatchObject({ status: 503, text: 'The module has too much to do, try again in a moment' });
  expect(answer.headers['retry-after']).toBe('5');
});
