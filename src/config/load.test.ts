import { writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { basicRumWithoutEffect } from './basic-rum.ts';
import { listSettings, loadConfig } from './load.ts';

const fileWith = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'rumbrella-config-')), 'rumbrella.yaml');
  writeFileSync(path, text);
  return path;
};

describe('configuration', () => {
  test('has a default for every key', () => {
    const config = loadConfig();
    expect(config.port).toBe(8080);
    expect(config.journal.sync).toBe('always');
    expect(config.collector.traceParameters[0]).toBe('brum_trace');
  });

  test('takes a file, then the environment, then overrides', () => {
    const file = fileWith('port: 1\njournal:\n  sync: never\n  segment_bytes: 1000\n');
    const env = { RUMBRELLA_PORT: '2', RUMBRELLA_JOURNAL_SYNC: 'interval' };
    const config = loadConfig({ file, env, overrides: { port: 3 } });
    expect(config).toMatchObject({ port: 3, journal: { sync: 'interval', segmentBytes: 1000 } });
  });

  test('reads lists and switches from the environment', () => {
    const env = { RUMBRELLA_DEMO: 'off', RUMBRELLA_COLLECTOR_TRUSTED_PROXIES: '10.0.0.0/8, ::1' };
    expect(loadConfig({ env })).toMatchObject({
      demo: false,
      collector: { trustedProxies: ['10.0.0.0/8', '::1'] },
    });
  });

  test.each([
    ['RUMBRELLA_DATABASE_URL', 'mysql://x/y', 'database.url'],
    ['RUMBRELLA_DATABASE_URL', 'postgres://[', 'database.url'],
    ['RUMBRELLA_GATEWAY_SIGNING_KEY', 'too short', 'gateway.signing_key'],
  ])('refuses what no start could use, before anything is started: %s=%s', (name, value, key) => {
    expect(() => loadConfig({ env: { [name]: value } })).toThrow(key);
    const good = {
      RUMBRELLA_DATABASE_URL: 'postgresql:///x?host=/run',
      RUMBRELLA_GATEWAY_SIGNING_KEY: 'k'.repeat(32),
    };
    expect(loadConfig({ env: good })).toMatchObject({ gateway: { signingKey: 'k'.repeat(32) } });
  });

  test('keeps a text a text, whatever it looks like', () => {
    const env = {
      RUMBRELLA_CLICKHOUSE_PASSWORD: '123456',
      RUMBRELLA_OPERATOR_TOKEN: 'on',
      RUMBRELLA_DEMO_PASSWORD: 'no',
      RUMBRELLA_TLS_MODE: 'off',
      RUMBRELLA_JOURNAL_SEGMENT_BYTES: '1000000',
    };
    expect(loadConfig({ env })).toMatchObject({
      clickhouse: { password: '123456' },
      operatorToken: 'on',
      demoPassword: 'no',
      tls: { mode: 'off' },
      journal: { segmentBytes: 1_000_000 },
    });
  });

  test.each([
    [{ BRUM_DATABASE_HOST: 'db' }, { port: 80 }],
    [{ BRUM_SERVER_SSL: 'true' }, { port: 443, tls: { mode: 'file' } }],
    [{ BRUM_SERVER_SSL: 'true', BRUM_SERVER_PORT: '8443' }, { port: 8_443 }],
    [
      { BRUM_SERVER_SSL: 'true', BRUM_SERVER_SSL_TYPE: 'LETS_ENCRYPT', BRUM_SERVER_PORT: '8080' },
      { port: 443, tls: { mode: 'acme', httpPort: 8_080 } },
    ],
    [{ BRUM_COMPRESSION_TYPE: 'GZIP', BRUM_COMPRESSION_LEVEL: 'No' }, { archive: { compression: 'none' } }],
    [{ RUMBRELLA_PORT: '9090', BRUM_DATABASE_HOST: 'db' }, { port: 9_090 }],
  ])('listens where the Go peer listens and packs as it packs with %j', (env, expected) => {
    expect(loadConfig({ env })).toMatchObject(expected);
  });

  test('names the variables of Basic RUM that have no effect, and what takes their place', () => {
    const env = {
      BRUM_SERVER_PORT: '80',
      BRUM_DATABASE_TABLE_PREFIX: 'shop_',
      BRUM_BACKUP_DIRECTORY: '/backup',
      BRUM_BACKUP_ENABLED: '',
      BRUM_PRIVATE_API_TOKEN: 'x',
      BRUM_SERVER_PROT: '81',
      PATH: '/bin',
    };
    const found = basicRumWithoutEffect(env);
    expect(found.map(({ name }) => name)).toEqual([
      'BRUM_BACKUP_DIRECTORY',
      'BRUM_DATABASE_TABLE_PREFIX',
      'BRUM_PRIVATE_API_TOKEN',
      'BRUM_SERVER_PROT',
    ]);
    expect(found[0]?.reason).toContain('rumbrella replay');
    expect(found[1]?.reason).toContain('users map');
  });

  test("understands Basic RUM's variables", () => {
    const env = {
      BRUM_SERVER_PORT: '8087',
      BRUM_DATABASE_HOST: 'clickhouse',
      BRUM_DATABASE_PORT: '9000',
      BRUM_DATABASE_USERNAME: 'rum',
      BRUM_COMPRESSION_TYPE: 'Zstandard',
      BRUM_COMPRESSION_LEVEL: 'BestSpeed',
    };
    expect(loadConfig({ env })).toMatchObject({
      port: 8087,
      clickhouse: { url: 'http://clickhouse:8123', username: 'rum' },
      archive: { compression: 'zstd', level: 1 },
    });
  });

  test('reports every problem with its key', () => {
    const file = fileWith('prot: 1\njournal:\n  sync: sometimes\n');
    expect(() => loadConfig({ file })).toThrow(/unknown key prot/);
    expect(() => loadConfig({ file })).toThrow(/journal\.sync/);
  });

  test('refuses a file that is not YAML and names the line', () => {
    expect(() => loadConfig({ file: fileWith('port: 1\n  x: [\n') })).toThrow(/:\d+:/);
  });

  test('gives each key one environment variable', () => {
    const names = listSettings().map((setting) => setting.env);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('RUMBRELLA_CLICKHOUSE_URL');
    expect(names).toContain('RUMBRELLA_DATABASE_URL');
  });
});
