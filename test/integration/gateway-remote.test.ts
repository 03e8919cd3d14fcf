import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDescriptor } from '#gateway';
import { type Received, startWorld, type World } from '../support/gateway-world.ts';

/** Remote modules that fail, lie, hang or send a lot: the client gets one clean answer and nobody else notices. */

let world: World;
const servers: Server[] = [];
afterEach(async () => {
  await world.stop();
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server)
      (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  }
});

const listen = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Starts a gateway with one remote module at these addresses. */
const start = async (urls: readonly string[], entry = {}, options = {}): Promise<void> => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [], {
    moduleTimeoutMs: 500,
    connectTimeoutMs: 500,
    ...options,
  });
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'];
  world.store.add(
    parseDescriptor({
      id: 'm-1.0.0',
      provides: [
        {
          id: 'm',
          version: '1.0',
          handlers: [{ methods, pathPattern: '/m*', permissionsRequired: [], ...entry }],
        },
      ],
    }),
  );
  urls.forEach((url, index) => world.store.discover('m-1.0.0', { instId: String(index), url }));
  world.store.enable('shop', 'm-1.0.0');
};
const startHttp = async (listener: RequestListener, entry = {}, options = {}): Promise<string> => {
  const url = await listen(createHttpServer(listener));
  await start([url], entry, options);
  return url;
};
const startRaw = async (onData: (socket: Socket, count: number) => void, options = {}): Promise<void> => {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      count += 1;
      onData(socket, count);
    });
  });
  await start([await listen(server)], {}, options);
};
const send = (method = 'GET', body?: string, headers = {}): Promise<Received> =>
  world.send({
    method,
    path: '/m',
    headers: { 'X-Okapi-Tenant': 'shop', ...headers },
    ...(body === undefined ? {} : { body }),
  });

const unreachable = 'The module could not be reached or gave no valid answer';

describe('a remote module', () => {
  it('§1.11 that is not there is a 502, and the reason stands in the trace only', async () => {
    await start(['http://127.0.0.1:1']);
    const answer = await send();
    expect(answer).toMatchObject({ status: 502, text: unreachable });
    const trace = world.gateway.trace(String(answer.headers['x-okapi-request-id']));
    expect(JSON.stringify(trace)).toContain('ECONNREFUSED');
  });

  it('§1.11 that accepts and says nothing is a 504', async () => {
    await startRaw(() => undefined);
    expect(await send()).toMatchObject({ status: 504, text: 'The module did not answer in time' });
  });

  it.each([
    ['garbage', 'no http at all\r\n\r\n'],
    [
      'two framings',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a bad length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a huge head', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70_000)}\r\n\r\n`],
    [
      'an upgrade nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['a connection that closes before the head', 'HTTP/1.1 200'],
    ['a body that is cut', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
  ])('§1.11 that answers with %s is a 502', async (_what, bytes) => {
    await startRaw((socket) => void socket.end(bytes));
    expect(await send('POST', 'x')).toMatchObject({ status: 502, text: unreachable });
  });

  it('§1.10 cannot put a second answer behind a 204 for the next client', async () => {
    await startRaw(
      (socket, count) =>
        void socket.write(
          count === 1
            ? 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
            : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood',
        ),
    );
    const first = await send('POST', 'x');
    expect([204, 502]).toContain(first.status);
    expect(await send('POST', 'x')).toMatchObject({ status: 200, text: 'good' });
  });

  it('§1.10 that breaks half-way breaks the connection of the client, so that half is not taken for all', async () => {
    await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      setTimeout(() => socket.destroy(), 50);
    });
    await expect(send()).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect((await world.send({ path: '/_/proxy/health' })).status).toBe(200);
  });

  it('§1.10 that redirects to an inner address is not followed', async () => {
    let inner = 0;
    const target = await listen(createHttpServer((_req, res) => void res.end(String((inner += 1)))));
    await startHttp((_req, res) => void res.writeHead(307, { location: target }).end());
    expect((await send()).status).toBe(307);
    expect(inner).toBe(0);
  });

  it('§1.4 gets no Expect and no headers of the connection, and one framing', async () => {
    let head: Record<string, unknown> = {};
    await startHttp((req, res) => {
      head = req.headers;
      req.resume().on('end', () => res.end('ok'));
    });
    expect(
      (
        await send('POST', 'x'.repeat(2_000), {
          Expect: '100-continue',
          'Keep-Alive': 'timeout=9',
          TE: 'trailers',
        })
      ).status,
    ).toBe(200);
    expect(head).toMatchObject({ 'content-length': '2000' });
    for (const name of ['expect', 'te', 'transfer-encoding', 'keep-alive'])
      expect(head[name]).toBeUndefined();
  });

  it('§1.0 serves under the path of its base url', async () => {
    let path = '';
    const url = await listen(createHttpServer((req, res) => void res.end((path = req.url ?? ''))));
    await start([`${url}/base/`]);
    await send();
    expect(path).toBe('/base/m');
  });

  it('§1.11 is called once more for a GET, and not for a POST, when it closed a kept-alive connection', async () => {
    const counts: Record<string, number> = {};
    const server = createServer((socket) => {
      let answered = 0;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const [method = ''] = chunk.toString().split(' ', 1);
        counts[method] = (counts[method] ?? 0) + 1;
        answered += 1;
        if (answered === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.destroy();
      });
    });
    await start([await listen(server)]);
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(counts['GET']).toBe(3);
    expect((await send('POST', 'x')).status).toBe(502);
    expect(counts['POST']).toBe(1);
  });

  it('§1.1 is called at another instance when one cannot be connected to', async () => {
    const url = await listen(createHttpServer((_req, res) => void res.end('alive')));
    await start(['http://127.0.0.1:1', url, 'http://127.0.0.1:2']);
    for (let index = 0; index < 6; index += 1)
      expect(await send()).toMatchObject({ status: 200, text: 'alive' });
  });

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

  it('§1.8.3 that logs and does not read a long body is given up, and the body goes on to the handler', async () => {
    const logger = await listen(createHttpServer((req) => void req.pause()));
    await startHttp(
      (req, res) => void req.pipe(res),
      {},
      { clientTimeoutMs: 100, moduleTimeoutMs: 5_000, copyTimeoutMs: 400 },
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

  it.each([
    ['http://169.254.169.254/'],
    ['http://[::ffff:169.254.169.254]/'],
    ['http://2852039166/'],
    ['http://user:pw@127.0.0.1/'],
    ['ftp://127.0.0.1/'],
    ['http://127.0.0.1/?x'],
    ['nonsense'],
  ])('§2.7 at %s is never connected to', async (url) => {
    await start([url]);
    expect(await send()).toMatchObject({ status: 502, text: unreachable });
  });

  it('§2.7 is never connected to when its name points to an address that is not allowed', async () => {
    let connections = 0;
    const server = createHttpServer((_req, res) => void res.end('inside'));
    server.on('connection', () => (connections += 1));
    const url = await listen(server);
    for (const host of ['localhost', 'localhost.', '127.0.0.1', '0x7f000001', '[::ffff:127.0.0.1]']) {
      await start([url.replace('127.0.0.1', host)], {}, { discoveryAllow: ['10.0.0.0/8'] });
      expect((await send()).status).toBe(502);
      await world.stop();
    }
    expect(connections).toBe(0);
    await start([]);
  });
});
