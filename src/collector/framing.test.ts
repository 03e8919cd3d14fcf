import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CollectorServer, startCollectorServer } from '../../test/support/collector-server.ts';
import { ambiguousFraming, type Framing } from '../../test/support/ambiguous-framing.ts';

let server: CollectorServer;
beforeEach(async () => {
  server = await startCollectorServer({ headerTimeoutMs: 300, bodyTimeoutMs: 300 });
});
afterEach(() => server.stop());

const HEAD = 'POST /beacon/catcher?brum_trace=other HTTP/1.1\r\nHost: a\r\n';

/** Requests that two HTTP parsers could cut in different places, and others that are none. */
describe('request framing', () => {
  test.each<Framing>([
    ...ambiguousFraming(HEAD),
    ['bare line feeds', 'GET /beacon/catcher HTTP/1.1\nHost: a\n\n'],
    ['a chunk size that is no number', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`],
    ['a chunk size of many digits', `${HEAD}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(40)}\r\nabc`],
    ['a bare line feed in a chunk size', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex').toString('latin1')],
  ])('refuses %s with 400 and stores nothing', async (_, bytes) => {
    const answer = await server.raw(Buffer.from(bytes, 'latin1'), 2_000);
    expect(answer.split('\r\n', 1)[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(await server.entries()).toEqual([]);
    expect(await server.counter('rumbrella_collector_broken_requests_total', { reason: 'malformed' })).toBe(
      1,
    );
  });

  test('refuses a request without Host', async () => {
    expect(await server.raw('GET /beacon/catcher HTTP/1.1\r\n\r\n', 500)).toMatch(/^HTTP\/1\.1 400/);
    expect(await server.entries()).toEqual([]);
  });

  test('refuses a header that comes too often also for others on the same server', async () => {
    const headers = Array.from({ length: 2_100 }, (_, n) => `a${n}:1\r\n`).join('');
    expect(await server.raw(`GET /elsewhere HTTP/1.1\r\nHost: a\r\n${headers}\r\n`, 2_000)).toMatch(
      /^HTTP\/1\.1 431/,
    );
  });

  test('refuses endless chunk extensions', async () => {
    const answer = await server.raw(
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n3;${'x'.repeat(1e6)}\r\nabc\r\n0\r\n\r\n`,
      2_000,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(await server.entries()).toEqual([]);
  });

  test('ends a body of chunks that never comes to an end', async () => {
    const answer = await server.raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, 5_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(await server.entries()).toEqual([]);
  });

  test('answers a thousand requests in one packet, in their order', async () => {
    const requests = Array.from(
      { length: 1_000 },
      (_, n) => `GET /beacon/catcher?n=${n}&brum_trace=other HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    const last = 'PUT /beacon/catcher HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const answer = await server.raw(requests.join('') + last, 10_000);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]);
    expect(statuses).toEqual([...Array.from({ length: 1_000 }, () => '204'), '405']);
    const queries = (await server.entries()).map((entry) => entry.record.query);
    expect(queries).toEqual(Array.from({ length: 1_000 }, (_, n) => `n=${n}&brum_trace=other`));
  });

  test('survives a thousand garbled requests', async () => {
    const whole = Buffer.from(
      `${HEAD}Connection: close\r\nContent-Type: text/plain\r\nContent-Length: 30\r\n\r\na=%ff&brum_trace=other&b=%zz&c=`,
    );
    const garbled = fc.sample(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      1_000,
    );
    for (let from = 0; from < garbled.length; from += 50)
      await Promise.all(
        garbled.slice(from, from + 50).map(async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          const answer = await server.raw(bytes, 3_000);
          expect(answer).toMatch(/^HTTP\/1\.1 (100|204|400|404|405|408|413|415|431|503) /);
        }),
      );
    expect(await server.send('/health')).toMatchObject({ status: 200, text: 'ok' });
    await expect
      .poll(() => server.counter('rumbrella_collector_in_flight_bytes', {}), { timeout: 20_000 })
      .toBe(0);
  });

  test('says 413 instead of 100 to a sender that waits with a body that is too long', async () => {
    const answer = await server.raw(`${HEAD}Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n`, 200);
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).not.toContain('100 Continue');
  });

  test('says 100 to a sender that waits with a body that is not', async () => {
    const answer = await server.raw(
      `${HEAD}Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc`,
      2_000,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue/);
    expect(answer).toContain('HTTP/1.1 204');
    expect(await server.entries()).toHaveLength(1);
  });
});
