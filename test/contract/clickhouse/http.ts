import { describe, expect, test } from 'vitest';
import type { Target } from './target.ts';

/** The protocol as other clients use it: plain HTTP. */
export const httpContract = (target: () => Target): void => {
  describe('plain HTTP', () => {
    const send = (
      search: Record<string, string>,
      init: { method?: string; body?: string; headers?: Record<string, string> } = {},
    ): Promise<Response> => {
      const { url, username, password } = target().connection;
      return fetch(`${url}/?${new URLSearchParams(search).toString()}`, {
        ...init,
        headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password, ...init.headers },
      });
    };

    test('answers health checks without a password', async () => {
      for (const path of ['/ping', '/replicas_status', '/']) {
        const response = await fetch(`${target().connection.url}${path}`);
        expect([path, response.status, await response.text()]).toEqual([path, 200, 'Ok.\n']);
      }
      expect((await fetch(`${target().connection.url}/nowhere`)).status).toBe(404);
    });

    test('takes the statement from the URL, the body, or both', async () => {
      expect(await (await send({ query: 'SELECT 1' })).text()).toBe('1\n');
      expect(await (await send({}, { method: 'POST', body: 'SELECT 2' })).text()).toBe('2\n');
      expect(await (await send({ query: 'SELECT 3' }, { method: 'POST', body: '+ 1' })).text()).toBe('4\n');
    });

    test('says what it answers in the headers', async () => {
      const response = await send({ query: 'SELECT 1 AS a FORMAT JSON', query_id: 'header-test' });
      expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
      expect(response.headers.get('x-clickhouse-format')).toBe('JSON');
      expect(response.headers.get('x-clickhouse-query-id')).toBe('header-test');
      expect(response.headers.get('x-clickhouse-timezone')).not.toBeNull();
      expect(response.headers.get('x-clickhouse-server-display-name')).not.toBeNull();
      expect(JSON.parse(response.headers.get('x-clickhouse-summary') ?? '')).toHaveProperty('read_rows');
      await response.text();
    });

    test('answers errors with status, code and text', async () => {
      const response = await send({ query: 'SELECT * FROM no_such_table' });
      expect(response.status).toBe(404);
      expect(response.headers.get('x-clickhouse-exception-code')).toBe('60');
      expect(await response.text()).toMatch(
        /^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\) \(version .*\)\n$/s,
      );
      expect((await send({ query: 'SELEC' })).status).toBe(400);
    });

    test('uses the default format that the caller names', async () => {
      const response = await send({ query: 'SELECT 1 AS a', default_format: 'JSONEachRow' });
      expect(await response.text()).toBe('{"a":1}\n');
    });

    test.each(['gzip', 'deflate', 'br', 'zstd'])(
      'compresses with %s when it is asked to',
      async (encoding) => {
        const response = await send(
          { query: "SELECT repeat('x', 100) FROM numbers(1000)", enable_http_compression: '1' },
          { headers: { 'Accept-Encoding': encoding } },
        );
        expect(response.headers.get('content-encoding')).toBe(encoding);
        expect(await response.text()).toBe(`${'x'.repeat(100)}\n`.repeat(1_000));
      },
    );

    test('does not compress unless it is asked to', async () => {
      const response = await send({ query: 'SELECT 1' }, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(response.headers.get('content-encoding')).toBeNull();
      await response.text();
    });

    test('takes name and password in all the ways', async () => {
      const { url, username, password } = target().connection;
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      const search = new URLSearchParams({ query: 'SELECT 1' }).toString();
      const byBasic = await fetch(`${url}/?${search}`, { headers: { Authorization: `Basic ${basic}` } });
      expect(await byBasic.text()).toBe('1\n');
      const byUrl = await fetch(
        `${url}/?${new URLSearchParams({ query: 'SELECT 1', user: username, password }).toString()}`,
      );
      expect(await byUrl.text()).toBe('1\n');
    });

    test('does not change anything by GET', async () => {
      const response = await send({ query: 'CREATE TABLE by_get (a UInt8) ENGINE = Memory' });
      expect(await response.text()).toContain('READONLY');
      expect(response.headers.get('x-clickhouse-exception-code')).toBe('164');
    });

    test('answers HEAD without a body', async () => {
      const response = await send({ query: 'SELECT 1' }, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    });
  });
};
