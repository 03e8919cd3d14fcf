import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseDescriptor } from '#gateway';
import { listen, send, start, startHttp, world } from '../../../support/remote-module-world.ts';

/** Bodies that are held or copied: bounded, and no reason for a request to hang. */
describe('a remote module', () => {
  it('§1.8.3 that logs and does not read a long body is given up, and the body goes on to the handler', async () => {
    const logger = await listen(createHttpServer((req) => void req.pause()));
    await startHttp(
      (req, res) => void req.pipe(res),
      {},
      // The client is bounded by a quarter of the time that the logger has, and by more than a busy machine stands still.
      { clientTimeoutMs: 500, moduleTimeoutMs: 20_000, copyTimeoutMs: 2_000 },
    );
    world.store.add(
      parseDescriptor({
        id: 'log-1.0.0',
        filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'request-log' }],
      }),
    );
    world.store.discover('log-1.0.0', { instId: 'one', url: logger });
    world.store.enable('shop', 'log-1.0.0');
    const body = 'x'.repeat(8_000_000);
    expect(await send('POST', body)).toMatchObject({ status: 200, text: body });
  });

  it('§1.8.3 is not called with a body that is too large to be held: 413', async () => {
    let called = 0;
    await startHttp(
      (_req, res) => void res.end(String((called += 1))),
      { type: 'request-response-1.0' },
      { maxBufferedBodyBytes: 1_000 },
    );
    expect((await send('POST', 'x'.repeat(1_001))).status).toBe(413);
    expect((await send('POST', 'x'.repeat(1_000))).status).toBe(200);
    expect(called).toBe(1);
  });

  it('§1.8.3 that logs and fails or hangs does not stop the request', async () => {
    for (const listener of [
      ((req) => void req.socket.destroy()) satisfies RequestListener,
      ((req) => void req.pause()) satisfies RequestListener,
    ]) {
      const logger = await listen(createHttpServer(listener));
      await startHttp((req, res) => void req.pipe(res), {}, { moduleTimeoutMs: 2_000 });
      world.store.add(
        parseDescriptor({
          id: 'log-1.0.0',
          filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'request-log' }],
        }),
      );
      world.store.discover('log-1.0.0', { instId: 'one', url: logger });
      world.store.enable('shop', 'log-1.0.0');
      expect(await send('POST', 'x'.repeat(50_000))).toMatchObject({ status: 200, text: 'x'.repeat(50_000) });
      await world.stop();
    }
    await start([]);
  });
});
