import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { silentLog } from '#core';
import { openWarehouse, type Warehouse } from '#warehouse';
import { addTenantDataCommands } from '../../src/commands/tenant-data.ts';
import { basicRumTables } from '../support/basic-rum-tables.ts';

let folder: string;
let warehouse: Warehouse;

const options = () => ({
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-tenant-data-'));
  // The process that works on the data folder; the commands use its engine.
  warehouse = await openWarehouse(options());
});
afterAll(async () => {
  await warehouse?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => writeFile(join(folder, 'users-map.yaml'), '- user: { prefix: stays, brum_trace: t }\n'));

const run = async (...args: readonly string[]): Promise<string> => {
  let printed = '';
  const tenants = new Command('tenants').exitOverride();
  addTenantDataCommands(tenants, {
    config: () => loadConfig({ overrides: { data_dir: folder, users_map: join(folder, 'users-map.yaml') } }),
    out: (text) => {
      printed += text;
    },
  });
  await tenants.parseAsync(args, { from: 'user' });
  return printed;
};

const tables = async (): Promise<readonly string[]> => {
  const result = await warehouse.client.query({
    query:
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%webperf%' ORDER BY name",
    format: 'JSONCompactEachRow',
  });
  return (await result.json<[string]>()).map(([name]) => name);
};

const peerTables = async (prefix: string): Promise<void> => {
  for (const query of basicRumTables(prefix)) await warehouse.client.command({ query });
};

describe('tenants adopt', () => {
  it('gives the tables of a Go peer without a prefix to an organization, once', async () => {
    await peerTables('');
    await warehouse.client.command({
      query:
        "INSERT INTO webperf_rum_events (created_at, hostname, url) VALUES ('2026-01-01 00:00:00', 'a.example', 'https://a.example/')",
    });
    expect(await run('adopt', 'first')).toContain('first_webperf_rum_events now, with 1 rows');
    expect(await tables()).toEqual(['first_webperf_rum_events', 'first_webperf_rum_hostnames']);
    await expect(run('adopt', 'first')).rejects.toThrow('there is no table webperf_rum_events');
    await warehouse.client.command({ query: basicRumTables('')[0] ?? '' });
    await expect(run('adopt', 'first')).rejects.toThrow('is there already');
  });

  it('takes another prefix, and nothing that is no name', async () => {
    await peerTables('old_');
    await run('adopt', 'second', '--from', 'old_');
    expect(await tables()).toContain('second_webperf_rum_events');
    await expect(run('adopt', 'second', '--from', 'a`; DROP')).rejects.toThrow('expected letters');
    await expect(run('adopt', 'Second')).rejects.toThrow('found the prefix Second');
  });
});

describe('tenants purge', () => {
  it('shows what it would delete, deletes it when that is meant, and nothing of others', async () => {
    await peerTables('gone_');
    await peerTables('stays_');
    await mkdir(join(folder, 'archive', 'gone'), { recursive: true });
    expect(await run('purge', 'gone', '--archive')).toMatch(/would delete 0 rows of gone_.* and the folder /);
    expect(await tables()).toContain('gone_webperf_rum_events');
    expect(await run('purge', 'gone', '--archive', '--yes')).toMatch(/^deleted 0 rows/);
    expect(await tables()).not.toContain('gone_webperf_rum_events');
    expect(await tables()).toContain('stays_webperf_rum_events');
    expect(existsSync(join(folder, 'archive', 'gone'))).toBe(false);
  });

  it('refuses an organization that is in the users map, and a name that is none', async () => {
    await peerTables('stays_').catch(() => undefined);
    await expect(run('purge', 'stays', '--yes')).rejects.toThrow('stays is in');
    await expect(run('purge', '../x', '--yes')).rejects.toThrow('found the prefix ../x');
    expect(await tables()).toContain('stays_webperf_rum_events');
  });
});
