import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CATCHER, FORM, refused, start } from '../../test/support/running-collector.ts';

/** What is refused for its form or its size, before it costs anything. */
describe('the bounds of a beacon', () => {
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
});
