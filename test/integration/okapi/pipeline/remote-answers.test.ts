import { createServer as createHttpServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  listen,
  send,
  start,
  startHttp,
  startRaw,
  unreachable,
  world,
} from '../../../support/remote-module-world.ts';

/** Remote modules that fail, lie or hang: the client gets one clean answer and nobody else notices. */
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

  it('§1.10 that breaks half-way is asked over a new connection by the next client, of whichever tenant', async () => {
    const sockets = new Set<unknown>();
    await startHttp((req, res) => {
      sockets.add(req.socket);
      if (sockets.size > 1) return void res.end(String(req.headers['x-okapi-tenant']));
      res.writeHead(200, { 'content-length': '20' }).write('of the shop');
      setTimeout(() => req.socket.destroy(), 50);
    });
    world.map('- user: { prefix: shop, expire: 2028-01-01 }\n- user: { prefix: news, expire: 2028-01-01 }');
    world.store.enable('news', 'm-1.0.0');
    expect(await send('POST', 'x')).toMatchObject({ status: 502, text: unreachable });
    expect(await send('POST', 'x', { 'X-Okapi-Tenant': 'news' })).toMatchObject({
      status: 200,
      text: 'news',
    });
    expect(sockets.size).toBe(2);
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
});
