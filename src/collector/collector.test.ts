import { describe, expect, test } from 'vitest';
import { CATCHER, FORM, refused, start } from '../../test/support/running-collector.ts';

/** What the collector answers, and what it keeps. */
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
      'cross-origin-resource-policy': 'cross-origin',
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

  test('counts those that came after the end of a tenant for whose trace they have', async () => {
    const { send, counter, labelsOf } = await start();
    for (let sent = 0; sent < 3; sent++) await send(`${CATCHER}?brum_trace=OLD`);
    await send(`${CATCHER}?brum_trace=other`);
    expect(await labelsOf('rumbrella_beacons_expired_total')).toEqual([{ tenant: 'old_shop' }]);
    expect(await counter('rumbrella_beacons_expired_total', { tenant: 'old_shop' })).toBe(3);
  });

  test('counts all traces that nobody has under one label, and names no trace in any', async () => {
    const { send, counter, labelsOf } = await start();
    for (let made = 0; made < 100; made++) await send(`${CATCHER}?brum_trace=made-up-${made}`);
    expect(await counter('rumbrella_beacons_received_total', { tenant: 'unknown' })).toBe(100);
    const labels = await labelsOf('rumbrella_beacons_received_total');
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.length).toBeLessThan(10);
    expect(JSON.stringify(labels)).not.toContain('made-up');
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
