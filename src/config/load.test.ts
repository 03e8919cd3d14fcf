import { writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
