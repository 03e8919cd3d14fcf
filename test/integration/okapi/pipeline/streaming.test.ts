import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { send, startHttp, world } from '../../../support/remote-module-world.ts';

/** Bodies of any size in both directions, and who waits for whom. */
describe('a remote module', () => {
  it('§1.14 hears at once that the client has gone', async () => {
    let closed = 0;
    await startHttp(
      (req) => void req.socket.on('close', () => (closed += 1)),
      {},
      { moduleTimeoutMs: 60_000 },
    );
    const socket = connect(world.port, '127.0.0.1');
    socket.write('GET /m HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n\r\n');
    await sleep(100);
    expect(closed).toBe(0);
    socket.destroy();
    await expect.poll(() => closed).toBe(1);
  });

  it('§1.14 waits while the client does not read', async () => {
    let sent = 0;
    await startHttp(
      (_req, res) => {
        const piece = Buffer.alloc(262_144);
        const more = (): void => {
          while (sent < 256 * 1_048_576) {
            sent += piece.length;
            if (!res.write(piece)) return void res.once('drain', more);
          }
          res.end();
        };
        more();
      },
      {},
      { moduleTimeoutMs: 60_000 },
    );
    const req = httpRequest({
      port: world.port,
      host: '127.0.0.1',
      path: '/m',
      headers: { 'X-Okapi-Tenant': 'shop' },
    });
    req.end();
    const [res] = await once(req, 'response');
    res.pause();
    await sleep(500);
    expect(sent).toBeLessThan(64 * 1_048_576);
    req.destroy();
  });

  it('§1.14 makes the client wait while it does not read, and gets all in the end', async () => {
    let received = 0;
    let open = (): void => undefined;
    await startHttp(
      (req, res) => {
        open = () => {
          req.on('data', (chunk: Buffer) => (received += chunk.length));
          req.on('end', () => res.end(String(received)));
        };
      },
      {},
      { moduleTimeoutMs: 60_000 },
    );
    const total = 64 * 1_048_576;
    let written = 0;
    const req = httpRequest({
      port: world.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/m',
      headers: { 'X-Okapi-Tenant': 'shop' },
    });
    const piece = Buffer.alloc(262_144);
    const more = (): void => {
      while (written < total) {
        written += piece.length;
        if (!req.write(piece)) return void req.once('drain', more);
      }
      req.end();
    };
    more();
    await sleep(500);
    expect(written).toBeLessThan(total / 2);
    open();
    const [res] = await once(req, 'response');
    let text = '';
    for await (const chunk of res) text += String(chunk);
    expect(text).toBe(String(total));
  });

  it('§1.14 is let go, and so is the client, when the client stops in the middle of its body', async () => {
    let closed = 0;
    await startHttp(
      (req) => void req.on('close', () => (closed += 1)).resume(),
      {},
      { clientTimeoutMs: 200, moduleTimeoutMs: 60_000 },
    );
    const socket = connect(world.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('POST /m HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\nContent-Length: 5\r\n\r\nabc');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await expect.poll(() => closed).toBe(1);
  });

  it('§1.14 may leave a body unread for longer than a client may be silent', async () => {
    await startHttp(
      (req, res) => {
        let length = 0;
        req.on('data', (chunk: Buffer) => (length += chunk.length)).on('end', () => res.end(String(length)));
        req.pause();
        setTimeout(() => req.resume(), 1_000);
      },
      {},
      { clientTimeoutMs: 300, moduleTimeoutMs: 10_000 },
    );
    for (const length of [1, 32_000_000])
      expect(await send('POST', 'x'.repeat(length))).toMatchObject({ status: 200, text: String(length) });
  });

  it('§1.14 is let go when the client does not read the answer', async () => {
    let closed = 0;
    await startHttp(
      (_req, res) => {
        res.on('close', () => (closed += 1));
        const more = (): void => {
          while (!res.destroyed && res.write(Buffer.alloc(1_048_576)));
        };
        res.on('drain', more);
        more();
      },
      {},
      { clientTimeoutMs: 300, moduleTimeoutMs: 60_000 },
    );
    const socket = connect(world.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET /m HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n\r\n');
    await expect.poll(() => closed, { timeout: 10_000 }).toBe(1);
    socket.destroy();
  });

  it('§1.14 may be silent for longer than a client, and so may a client whose body is complete', async () => {
    await startHttp(
      (req, res) =>
        void req.resume().on('end', () => {
          res.write('a');
          setTimeout(() => res.end('b'), 600);
        }),
      {},
      { clientTimeoutMs: 100, moduleTimeoutMs: 5_000 },
    );
    expect(await send('POST', 'x')).toMatchObject({ status: 200, text: 'ab' });
  });
});
