import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { CATCHER, FORM, refused, start } from '../../test/support/running-collector.ts';

/** Connections that cost time, and too much at once. */
describe('senders that are slow or many', () => {
  test.each([
    ['nothing', ''],
    ['half a request line', 'GET /bea'],
    ['half of the headers', 'GET /beacon/catcher HTTP/1.1\r\nHost: a\r\nX-A'],
  ])('ends a connection on which %s comes, with 408', async (_, bytes) => {
    const { raw, counter, entries } = await start({ headerTimeoutMs: 200, bodyTimeoutMs: 200 });
    const answer = await raw(bytes, 10_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(await counter('rumbrella_collector_broken_requests_total', { reason: 'too_slow' })).toBe(1);
    expect(await entries()).toEqual([]);
  });

  test('ends a body that does not come, with 408, and counts it', async () => {
    const { raw, counter, entries } = await start({ bodyTimeoutMs: 200 });
    const half = 'POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc';
    expect(await raw(half, 10_000)).toMatch(/^HTTP\/1\.1 408[^]*body_timeout_ms/);
    expect(await counter(...refused('too_slow'))).toBe(1);
    expect(await entries()).toEqual([]);
  });

  test('counts a beacon whose sender went away as incomplete and keeps no memory of it', async () => {
    const { raw, counter, entries } = await start();
    await raw('POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc', 100);
    await expect.poll(() => counter(...refused('incomplete'))).toBe(1);
    expect(await counter('rumbrella_collector_in_flight_bytes', {})).toBe(0);
    expect(await entries()).toEqual([]);
  });

  test.each([
    ['an answer 415', 'POST /beacon/catcher HTTP/1.1\r\nContent-Type: image/png\r\n', '415'],
    ['an answer 413', 'POST /beacon/catcher HTTP/1.1\r\n', '413'],
    ['an answer 405', 'PUT /beacon/catcher HTTP/1.1\r\n', '405'],
    ['the answer to a GET', 'GET /beacon/catcher?a=1 HTTP/1.1\r\n', '204'],
    ['the answer to OPTIONS', 'OPTIONS /beacon/catcher HTTP/1.1\r\n', '204'],
    ['the answer to a look at health', 'POST /health HTTP/1.1\r\n', '200'],
  ])('ends a connection on which the body trickles on after %s', async (_, head, status) => {
    const { port } = await start({ bodyTimeoutMs: 200, maxBodyBytes: 900 });
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(`${head}Host: a\r\nContent-Length: 1000\r\n\r\n`);
    const trickle = setInterval(() => socket.write('x'), 20);
    await closed;
    clearInterval(trickle);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
  });

  test('reads past the rest of a refused body and answers the next request of the connection', async () => {
    const { raw } = await start({ bodyTimeoutMs: 2_000 });
    const refusedPost =
      'POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nabcde';
    const answer = await raw(`${refusedPost}GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 415[^]*HTTP\/1\.1 200 OK/);
  });

  test('drops connections above the limit and counts them', async () => {
    const { raw, counter } = await start({ maxConnections: 2 });
    const idle = [raw('', 1_000), raw('', 1_000)];
    const health = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    await expect.poll(async () => await raw(health, 200)).toBe('');
    await Promise.all(idle);
    await expect.poll(async () => await raw(health, 200)).toContain('200 OK');
    expect(
      await counter('rumbrella_collector_broken_requests_total', { reason: 'too_many_connections' }),
    ).toBeGreaterThan(0);
  });

  test('refuses with 503 while too many bytes wait for the disk', async () => {
    const held: (() => void)[] = [];
    const { send, counter } = await start({ maxBodyBytes: 1e8 }, (real) => ({
      ...real,
      append: (_, done) => void held.push(() => done(null, { segment: '0'.repeat(16), offset: 0 })),
    }));
    const body = Buffer.alloc(20_000_000, 'x');
    const waiting = [send(CATCHER, { headers: FORM, body })];
    await expect.poll(() => held.length, { timeout: 10_000 }).toBe(1);
    expect((await send(CATCHER, { headers: FORM, body })).status).toBe(503);
    expect(await counter(...refused('overloaded'))).toBe(1);
    for (const release of held) release();
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual([204]);
  });
});
