import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, createManualClock } from '#core';
import type { JournalWriter } from '#journal';
import type { TenantId } from '#tenants';
import type { CollectorOptions } from './options.ts';
import { type CollectorServer, startCollectorServer } from '../../test/support/collector-server.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const CATCHER = '/beacon/catcher';

let server: CollectorServer | null = null;
const start = async (
  options: Partial<CollectorOptions> = {},
  journal?: (real: JournalWriter) => JournalWriter,
  clock?: Clock,
): Promise<CollectorServer> => {
  server = await startCollectorServer(options, journal, clock);
  return server;
};
afterEach(async () => {
  await server?.stop();
  server = null;
});

const refused = (reason: string, tenant = 'unknown') =>
  ['rumbrella_beacons_refused_total', { tenant, reason }] as const;

describe('collector', () => {
  test('answers a GET beacon 204, empty, with the headers of the Go peer, and keeps the query as it came', async () => {
    const { send, entries } = await start();
    const answer = await send(`${CATCHER}?brum_trace=BY83kR5MS5PM&u=https%3A%2F%2Ffashion.bg%2F&t=a+b;c`, {
      headers: { origin: 'https://fashion.bg' },
    });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-cache, no-store, must-revalidate',
      pragma: 'no-cache',
      expires: 'Fri, 01 Jan 1990 00:00:00 GMT',
      vary: 'Origin',
      'access-control-allow-origin': '*',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(answer.headers).not.toHaveProperty('set-cookie');
    const [entry] = await entries();
    expect(entry?.record).toMatchObject({
      destination: 'fashion_bg',
      trace: 'BY83kR5MS5PM',
      method: 'GET',
      query: 'brum_trace=BY83kR5MS5PM&u=https%3A%2F%2Ffashion.bg%2F&t=a+b;c',
    });
    expect(entry?.record.body).toHaveLength(0);
  });

  test('allows no origin when none asked', async () => {
    const { send } = await start();
    expect((await send(CATCHER)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each([
    ['a form', { ...FORM }],
    ['a form with a charset', { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }],
    ['plain text', { 'content-type': 'text/plain;charset=UTF-8' }],
    ['no content type', {}],
    ['an empty content type', { 'content-type': '' }],
    ['bytes', { 'content-type': 'application/octet-stream' }],
  ])('keeps the body of a POST with %s as it came', async (_, headers) => {
    const { send, entries } = await start();
    const body = 'u=https%3A%2F%2Ffashion.bg%2F&brum_trace=BY83kR5MS5PM&sb=1';
    expect((await send(`${CATCHER}?x=1`, { headers, body })).status).toBe(204);
    const [entry] = await entries();
    expect(entry?.record).toMatchObject({ destination: 'fashion_bg', method: 'POST', query: 'x=1' });
    expect(Buffer.from(entry?.record.body ?? []).toString()).toBe(body);
  });

  test('tells unknown and expired traces from those of tenants', async () => {
    const { send, entries } = await start();
    for (const query of ['', '?brum_trace=nobody', '?brum_trace=OLD', '?brum_trace=BY83kR5MS5PM'])
      expect((await send(CATCHER + query)).status).toBe(204);
    expect((await entries()).map((entry) => entry.record.destination)).toEqual([
      'unknown',
      'unknown',
      'expired',
      'fashion_bg',
    ]);
  });

  test.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '%ff%fe',
    '%',
    '%zz',
    '%00',
    'x'.repeat(10_000),
  ])('treats the trace $shown as one that nobody has', async (trace) => {
    const { send, entries } = await start();
    expect((await send(`${CATCHER}?brum_trace=${trace}`)).status).toBe(204);
    const [entry] = await entries();
    expect(entry?.record.destination).toBe('unknown');
    expect(entry?.record.trace.length).toBeLessThanOrEqual(128);
  });

  test('answers HEAD like GET and stores nothing', async () => {
    const { send, entries } = await start();
    expect((await send(`${CATCHER}?brum_trace=other`, { method: 'HEAD' })).status).toBe(204);
    expect(await entries()).toEqual([]);
  });

  test('answers a preflight with what is allowed', async () => {
    const { send } = await start();
    const answer = await send(CATCHER, {
      method: 'OPTIONS',
      headers: { origin: 'https://fashion.bg', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, HEAD',
    });
    expect(answer.headers.vary).toContain('Origin');
  });

  test('answers health with ok and no newline', async () => {
    const { send } = await start();
    const answer = await send('/health');
    expect(answer).toMatchObject({ status: 200, text: 'ok' });
    expect(answer.headers['cache-control']).toContain('no-store');
  });

  test('leaves other paths to others', async () => {
    const { send } = await start();
    for (const path of [
      '/',
      '/beacon',
      '/beacon/catcher2',
      '/beacon/catcher/',
      '/healthy',
      '/x?/beacon/catcher',
    ])
      expect(await send(path)).toMatchObject({ status: 404, text: 'not of the collector' });
  });

  test('understands a target in absolute form', async () => {
    const { raw, entries } = await start();
    const answer = await raw(
      'GET http://evil.example/beacon/catcher?brum_trace=other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 204/);
    expect((await entries()).map((entry) => entry.record.destination)).toEqual(['fashion_bg']);
  });

  test('answers 204 only after the journal has the beacon', async () => {
    let release = (): void => undefined;
    const { send } = await start({}, (real) => ({
      ...real,
      append: (record, done) => {
        release = () => real.append(record, done);
      },
    }));
    let answered = false;
    const answer = send(`${CATCHER}?a=1`).then((result) => {
      answered = true;
      return result;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    release();
    expect((await answer).status).toBe(204);
  });

  test('answers 503 with Retry-After when the journal refuses, and says so in health', async () => {
    const { send, counter } = await start({}, (real) => ({
      ...real,
      append: (_, done) => void setImmediate(done, new Error('disk full'), null),
      stats: () => ({ ...real.stats(), trouble: 'disk full' }),
    }));
    const answer = await send(`${CATCHER}?brum_trace=other`);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await counter(...refused('journal', 'fashion_bg'))).toBe(1);
    expect((await send('/health')).status).toBe(503);
  });

  test('counts what it received, by tenant', async () => {
    const { send, counter } = await start();
    await send(`${CATCHER}?brum_trace=other`);
    await send(`${CATCHER}?brum_trace=OLD`);
    await send(CATCHER, { method: 'PUT' });
    for (const [tenant, count] of [
      ['fashion_bg', 1],
      ['expired', 1],
      ['unknown', 1],
    ] as const)
      expect(await counter('rumbrella_beacons_received_total', { tenant })).toBe(count);
    expect(await counter('rumbrella_beacons_refused_total', {})).toBe(1);
  });

  test('refuses other methods with 405 and says which are allowed', async () => {
    const { send, counter } = await start();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE']) {
      const answer = await send(CATCHER, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toContain('POST');
    }
    expect(await counter(...refused('method'))).toBe(4);
  });

  test('refuses media types that nobody can read, with 415', async () => {
    const { send, counter } = await start();
    for (const type of ['multipart/form-data; boundary=x', 'application/json', 'image/png']) {
      const answer = await send(CATCHER, { headers: { 'content-type': type }, body: 'a=1' });
      expect(answer).toMatchObject({ status: 415 });
      expect(answer.text).toContain('x-www-form-urlencoded');
    }
    expect(await counter(...refused('media_type'))).toBe(3);
  });

  test('refuses encoded bodies with 415 and does not decode them', async () => {
    const { send, counter, entries } = await start();
    const bomb = gzipSync(Buffer.alloc(1e6));
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'nonsense'])
      expect(
        (await send(CATCHER, { headers: { ...FORM, 'content-encoding': encoding }, body: bomb })).status,
      ).toBe(415);
    expect(
      (await send(CATCHER, { headers: { ...FORM, 'content-encoding': 'identity' }, body: 'a=1' })).status,
    ).toBe(204);
    expect(await counter(...refused('content_encoding'))).toBe(6);
    expect(await entries()).toHaveLength(1);
  });

  test('refuses a body that is announced too long, before it is read', async () => {
    const { raw, counter } = await start({ maxBodyBytes: 1_000 });
    const answer = await raw(
      'POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n',
      500,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).toContain('max_body_bytes');
    expect(await counter(...refused('body_too_large'))).toBe(1);
  });

  test('refuses a body that turns out too long while it streams, and goes on with the connection', async () => {
    const { raw, entries, counter } = await start({ maxBodyBytes: 1_000 });
    const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`;
    const answer = await raw(
      `POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n` +
        'GET /beacon/catcher?brum_trace=other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).toContain('HTTP/1.1 204');
    expect(await counter(...refused('body_too_large'))).toBe(1);
    expect((await entries()).map((entry) => entry.record.destination)).toEqual(['fashion_bg']);
  });

  test('takes a body of exactly the limit', async () => {
    const { send } = await start({ maxBodyBytes: 1_000 });
    expect((await send(CATCHER, { headers: FORM, body: 'x'.repeat(1_000) })).status).toBe(204);
  });

  test('puts a body that comes in many chunks together', async () => {
    const { raw, entries } = await start();
    await raw(
      'POST /beacon/catcher HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '5\r\nbrum_\r\n8\r\ntrace=ot\r\n3\r\nher\r\n0\r\n\r\n',
    );
    const [entry] = await entries();
    expect(entry?.record.destination).toBe('fashion_bg');
    expect(Buffer.from(entry?.record.body ?? []).toString()).toBe('brum_trace=other');
  });

  test('refuses too many parameters in query and body together, with 413', async () => {
    const { send, counter } = await start({ maxParameters: 10 });
    const query = `?${Array.from({ length: 6 }, (_, n) => `a${n}=1`).join('&')}`;
    const body = 'a&b&c&d';
    expect((await send(CATCHER + query, { headers: FORM, body })).status).toBe(204);
    expect((await send(CATCHER + query, { headers: FORM, body: `${body}&e` })).status).toBe(413);
    expect(await counter(...refused('too_many_parameters'))).toBe(1);
  });

  test('refuses more headers than allowed with 431, also where Node itself would drop them in silence', async () => {
    const { raw, counter, entries } = await start();
    for (const count of [101, 3_000]) {
      const headers = Array.from({ length: count }, (_, n) => `a${n}:1\r\n`).join('');
      const answer = await raw(
        `GET /beacon/catcher HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}X-Forwarded-For: 1.2.3.4\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 431/);
    }
    expect(await counter(...refused('too_many_headers'))).toBe(2);
    expect(await entries()).toEqual([]);
  });

  test('refuses too long request lines and headers with 431', async () => {
    const { raw, counter } = await start({ maxHeaderBytes: 8_192 });
    const long = 'x'.repeat(9_000);
    const answers = [
      await raw(`GET /beacon/catcher?a=${long} HTTP/1.1\r\nHost: a\r\n\r\n`),
      await raw(`GET /beacon/catcher HTTP/1.1\r\nHost: a\r\nUser-Agent: ${long}\r\n\r\n`),
    ];
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 431[^]*max_header_bytes/);
    expect(await counter('rumbrella_collector_broken_requests_total', { reason: 'headers_too_large' })).toBe(
      2,
    );
  });

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

  test('answers beacons of nobody 429 when they take too much, and those of organizations as ever', async () => {
    const { send, entries, counter } = await start({ unknownBytesPerHour: 5_000 });
    const flood = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(`${CATCHER}?brum_trace=made-up-${n}`)),
    );
    const statuses = flood.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(16);
    expect(await counter(...refused('unknown_limit'))).toBe(16);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);
    expect(await entries()).toHaveLength(5);
  });

  test('answers the flood of one organization 429 and counts it there, and takes those of the others', async () => {
    const clock = createManualClock(Date.UTC(2026, 10, 2));
    const { send, entries, counter } = await start({ tenantBeaconsPerSecond: 2 }, undefined, clock);
    const flood = await Promise.all(
      Array.from({ length: 60 }, () => send(`${CATCHER}?brum_trace=BY83kR5MS5PM`)),
    );
    const over = flood.filter(({ status }) => status === 429);
    expect(flood.filter(({ status }) => status === 204)).toHaveLength(20);
    expect(over).toHaveLength(40);
    expect(over[0]?.headers['retry-after']).toBe('1');
    expect(over[0]?.text).toContain('collector.tenant_beacons_per_second');
    expect((await send(`${CATCHER}?brum_trace=of-the-news`)).status).toBe(204);
    clock.advance(500);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);

    expect(await counter('rumbrella_beacons_received_total', { tenant: 'fashion_bg' })).toBe(61);
    expect(await counter('rumbrella_beacons_refused_total', { tenant: 'fashion_bg' })).toBe(40);
    expect(await counter(...refused('quota', 'fashion_bg'))).toBe(40);
    expect(await counter('rumbrella_beacons_refused_total', { tenant: 'sofia_news' })).toBe(0);
    const stored = Map.groupBy(await entries(), ({ record }) => record.destination);
    expect(stored.get('fashion_bg' as TenantId)).toHaveLength(21);
    expect(stored.get('sofia_news' as TenantId)).toHaveLength(1);
  });

  test('answers what comes from one network 429 when it is too much, and others as ever', async () => {
    const { send, counter } = await start(
      { networkBeaconsPerSecond: 1, trustedProxies: ['127.0.0.1'] },
      undefined,
      createManualClock(Date.UTC(2026, 10, 2)),
    );
    const from = (address: string) =>
      send(`${CATCHER}?brum_trace=other`, { headers: { 'x-forwarded-for': address } });
    const flood = await Promise.all(Array.from({ length: 40 }, (_, n) => from(`203.0.113.${n}`)));
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(22);
    expect(await counter(...refused('network_quota', 'fashion_bg'))).toBe(22);
    expect((await from('203.0.114.1')).status).toBe(204);
  });

  test('answers made-up traces 429 when they are too many', async () => {
    const { send, counter } = await start(
      { unknownBeaconsPerSecond: 2 },
      undefined,
      createManualClock(Date.UTC(2026, 10, 2)),
    );
    const flood = await Promise.all(
      Array.from({ length: 30 }, (_, n) => send(`${CATCHER}?brum_trace=made-up-${n}`)),
    );
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(flood.at(-1)?.text).toContain('collector.unknown_beacons_per_second');
    expect(await counter(...refused('quota'))).toBe(10);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);
  });

  test.each([
    ['Sec-GPC', { honourGpc: true }, { 'sec-gpc': '1' }],
    ['DNT', { honourDnt: true }, { dnt: '1' }],
  ])('counts and does not store a beacon with %s where it is honoured', async (_, options, headers) => {
    const { send, counter, entries } = await start(options);
    expect((await send(`${CATCHER}?brum_trace=other`, { headers })).status).toBe(204);
    expect(await entries()).toEqual([]);
    expect(await counter(...refused('privacy', 'fashion_bg'))).toBe(1);
  });

  test('stores beacons with Sec-GPC and DNT where they are not honoured', async () => {
    const { send, entries } = await start();
    await send(CATCHER, { headers: { 'sec-gpc': '1', dnt: '1' } });
    expect(await entries()).toHaveLength(1);
  });

  test('keeps useful headers and neither cookies nor credentials nor the address of the visitor', async () => {
    const { send, entries } = await start({ clientAddress: 'drop' });
    await send(CATCHER, {
      headers: {
        'User-Agent': 'Mozilla/5.0',
        'ACCEPT-LANGUAGE': 'bg',
        Cookie: 'secret=1',
        Authorization: 'Bearer secret',
        'X-Forwarded-For': '203.0.113.7',
        'CF-IPCountry': 'BG',
        'X-Other': 'secret',
      },
    });
    const [entry] = await entries();
    expect(entry?.record.headers.map(([name]) => name).toSorted()).toEqual([
      'accept-language',
      'host',
      'user-agent',
    ]);
    expect(entry?.record).toMatchObject({ clientAddress: '', country: '', city: '' });
  });

  test('believes a trusted proxy about the visitor, and keeps only the network', async () => {
    const { send, entries } = await start({ trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] });
    await send(CATCHER, {
      headers: {
        'X-Forwarded-For': '6.6.6.6, 203.0.113.77, 10.1.2.3',
        'CF-IPCountry': 'bg',
        'CF-IPCity': Buffer.from('София').toString('latin1'),
      },
    });
    const [entry] = await entries();
    expect(entry?.record).toMatchObject({ clientAddress: '203.0.113.0', country: 'BG', city: 'София' });
  });

  test('refuses beacons after it was stopped, and waits for those before', async () => {
    const held: (() => void)[] = [];
    const { send, stopCollector } = await start({}, (real) => ({
      ...real,
      append: (record, done) => void held.push(() => real.append(record, done)),
    }));
    const before = send(`${CATCHER}?a=1`);
    await expect.poll(() => held.length).toBe(1);
    let stopped = false;
    const stopping = stopCollector().then(() => {
      stopped = true;
    });
    expect((await send(`${CATCHER}?a=2`)).status).toBe(503);
    expect((await send('/health')).status).toBe(503);
    expect(stopped).toBe(false);
    for (const release of held) release();
    expect((await before).status).toBe(204);
    await stopping;
  });
});
