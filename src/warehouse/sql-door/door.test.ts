import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '#core';
import { openWarehouse, type Warehouse } from '../client.ts';
import { createSqlDoor, SQL_DOOR_PREFIX, type SqlDoor } from './door.ts';

const TOKEN = 'operator-token-of-the-test';
let folder: string;
let warehouse: Warehouse;
let door: SqlDoor;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-door-'));
  warehouse = await openWarehouse({
    url: '',
    username: '',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: 640 * 2 ** 20,
    threads: 2,
    log: silentLog,
  });
  await warehouse.client.command({ query: 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a' });
  await warehouse.client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
  door = createSqlDoor({
    warehouse,
    operatorToken: TOKEN,
    log: silentLog,
    limits: { maxExecutionSeconds: 1, maxResultRows: 1_000, parallel: 2, waiting: 2 },
  });
  server = createServer(door);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${SQL_DOOR_PREFIX}/`;
});

afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await door?.stop();
  await warehouse?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = (
  query: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> } = {},
  search: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}?${new URLSearchParams({ ...(query === '' ? {} : { query }), ...search }).toString()}`, {
    ...init,
    headers: { Authorization: `Bearer ${TOKEN}`, ...init.headers },
  });

describe('the SQL door', () => {
  test('answers what may be read', async () => {
    const response = await ask('SELECT a FROM t FORMAT JSONEachRow');
    expect([response.status, await response.text()]).toEqual([200, '{"a":1}\n']);
    expect(response.headers.get('x-clickhouse-format')).toBe('JSONEachRow');
  });

  test('knows the token in all of the ways', async () => {
    const without = { Authorization: '' };
    const basic = Buffer.from(`operator:${TOKEN}`).toString('base64');
    const ways: [Record<string, string>, Record<string, string>][] = [
      [{ Authorization: `Basic ${basic}` }, {}],
      [{ ...without, 'X-ClickHouse-User': 'operator', 'X-ClickHouse-Key': TOKEN }, {}],
      [without, { user: 'operator', password: TOKEN }],
    ];
    for (const [headers, search] of ways)
      expect((await ask('SELECT 1', { headers }, search)).status).toBe(200);
  });

  test.each([
    ['no token', 401, { Authorization: '' }],
    ['a wrong token', 403, { Authorization: 'Bearer wrong' }],
    ['an empty token', 403, { Authorization: 'Bearer ' }],
    ['another user', 403, { Authorization: `Basic ${Buffer.from(`default:${TOKEN}`).toString('base64')}` }],
  ])('refuses %s', async (_, status, headers) => {
    const response = await ask('SELECT 1', { headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-clickhouse-exception-code')).toBe('516');
    expect(await response.text()).not.toContain(TOKEN);
  });

  test('serves the official client', async () => {
    const client = createClient({
      url: new URL(url).origin,
      pathname: SQL_DOOR_PREFIX,
      username: 'operator',
      password: TOKEN,
      log: { level: ClickHouseLogLevel.OFF },
    });
    try {
      expect(await client.ping()).toEqual({ success: true });
      const result = await client.query({
        query: 'SELECT {x:String} AS x, a FROM t',
        query_params: { x: "it's" },
        format: 'JSONEachRow',
      });
      expect(await result.json()).toEqual([{ x: "it's", a: 1 }]);
      await expect(client.command({ query: 'DROP TABLE t' })).rejects.toMatchObject({ code: '164' });
    } finally {
      await client.close();
    }
  });

  test('takes the statement from the body, compressed, and in a form', async () => {
    expect(await (await ask('', { method: 'POST', body: 'SELECT 2' })).text()).toBe('2\n');
    const body = new Uint8Array(gzipSync('SELECT 3'));
    expect(
      await (await ask('', { method: 'POST', body, headers: { 'Content-Encoding': 'gzip' } })).text(),
    ).toBe('3\n');
    const form = new FormData();
    form.set('query', 'SELECT {x:UInt8}');
    form.set('param_x', '4');
    const response = await fetch(url, {
      method: 'POST',
      body: form,
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect(await response.text()).toBe('4\n');
  });

  test('judges the whole statement, however it is cut up', async () => {
    const response = await ask('SELECT * FROM', { method: 'POST', body: " file('/etc/passwd')" });
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([500, '446']);
  });

  test('keeps its limits whatever the caller sets', async () => {
    const long = await ask(
      'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1',
      {},
      { max_execution_time: '600' },
    );
    expect(long.headers.get('x-clickhouse-exception-code')).toBe('159');
    const large = await ask('SELECT number FROM numbers(2000)', {}, { max_result_rows: '0' });
    expect(large.headers.get('x-clickhouse-exception-code')).toBe('396');
    const settings = await ask(
      "SELECT getSetting('readonly'), getSetting('max_execution_time')",
      {},
      { readonly: '0', max_execution_time: '0' },
    );
    expect(await settings.text()).toBe('1\t1\n');
  });

  test('passes the settings that shape an answer', async () => {
    const response = await ask(
      "SELECT toDateTime(0, 'UTC') AS t FORMAT JSONEachRow",
      {},
      { date_time_output_format: 'iso' },
    );
    expect(await response.text()).toBe('{"t":"1970-01-01T00:00:00Z"}\n');
  });

  test('tells of errors of the warehouse as they are', async () => {
    const response = await ask('SELECT * FROM nowhere');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('UNKNOWN_TABLE');
  });

  test('lets few in at a time, and refuses when too many wait', async () => {
    const slow = 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1';
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => (await ask(slow)).headers.get('x-clickhouse-exception-code')),
    );
    expect(codes.filter((code) => code === '202')).toHaveLength(2);
  });

  test('refuses a statement that is too long', async () => {
    const response = await ask('', { method: 'POST', body: `SELECT '${'x'.repeat(2_000_000)}'` });
    expect(response.headers.get('x-clickhouse-exception-code')).toBe('229');
  });

  test('answers health checks without a token', async () => {
    const response = await fetch(`${url}ping`);
    expect([response.status, await response.text()]).toEqual([200, 'Ok.\n']);
  });

  test('gives away no file of the machine, however its name is written', async () => {
    const path = join(folder, 'secret.csv');
    await writeFile(path, 'canary\n');
    const hex = Array.from(Buffer.from(path), (byte) => `\\x${byte.toString(16)}`).join('');
    const statements = [
      `SELECT * FROM \`${path}\``,
      `SELECT * FROM "${path}"`,
      `SELECT * FROM '${path}'`,
      `SELECT * FROM default.\`${path}\``,
      `SELECT * FROM \`default\`.\`${path}\``,
      `SELECT * FROM \`${hex}\``,
      `SELECT * FROM ‘${path}’`,
      `SELECT * FROM “${path}”`,
      `SELECT * FROM $$${path}$$`,
      `SELECT * FROM t, '${path}'`,
      `SELECT * FROM t AS limit, '${path}'`,
      `SELECT * FROM t AS a JOIN t AS b ON a.a = b.a, '${path}'`,
      `SELECT * FROM (SELECT 1) AS x, ('${path}')`,
      `SELECT * FROM t SAMPLE 1/2 OFFSET 1/2, '${path}'`,
      `SELECT 1 UNION ALL FROM '${path}' SELECT *`,
      `WITH x AS (FROM '${path}' SELECT *) SELECT * FROM x`,
      `SELECT * FROM (FROM '${path}')`,
      `SELECT * FROM \`../../secret.csv\``,
      `SELECT * FROM \`{.,x}{.,y}/../secret.csv\``,
      `SELECT * FROM file('${path}', LineAsString)`,
      `SELECT * FROM \`file\`('${path}', LineAsString)`,
      `SELECT file('${path}')`,
      `SELECT * FROM fileCluster('default', '${path}', LineAsString)`,
      `SELECT * FROM url('file://${path}', LineAsString)`,
      `SELECT * FROM merge(REGEXP('.*'), 'secret')`,
      `SELECT * FROM viewExplain('', '', (SELECT * FROM '${path}'))`,
      `SELECT * FROM loop('${path}')`,
      `SELECT * FROM sqlite('${path}', 't')`,
      `DESCRIBE TABLE '${path}'`,
      `SHOW CREATE TABLE \`${path}\``,
      `EXPLAIN SELECT * FROM \`${path}\``,
      `SELECT 'canary' IN \`${path}\``,
      `SELECT * FROM system.one WHERE (SELECT * FROM \`${path}\`) = 'x'`,
    ];
    for (const statement of statements) {
      const response = await ask('', { method: 'POST', body: statement });
      expect([statement, response.status < 400, await response.text()]).toEqual([
        statement,
        false,
        expect.not.stringContaining('canary'),
      ]);
    }
  });
});
