import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Log, silentLog, systemClock } from '#core';
import { openTenantRegistry } from '#tenants';
import { writeDemoMap } from './demo-map.ts';

let folder: string;
let dataDir: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-demo-map-'));
  dataDir = join(folder, 'data');
  path = join(folder, 'users-map.yaml');
  mkdirSync(dataDir);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (to = path, log: Log = silentLog): Promise<void> =>
  writeDemoMap({ path: to, dataDir, clock: systemClock, log });

const open = async () =>
  openTenantRegistry({
    path,
    lastGoodPath: join(dataDir, 'users-map.last-good.yaml'),
    clock: systemClock,
    log: silentLog,
  });

const REAL = '- user: { prefix: fashion_bg, brum_trace: BY83kR5MS5PM, expire: 2099-01-01 }\n';

describe('the users map of the demo', () => {
  test('is written at the very first start, and never over another', async () => {
    await write();
    expect(readFileSync(path, 'utf8')).toContain('demo_shop');
    writeFileSync(path, REAL);
    await write();
    expect(readFileSync(path, 'utf8')).toBe(REAL);
  });

  test('does not take the place of a real one that has gone missing: the last good one stays in force', async () => {
    writeFileSync(path, REAL);
    const before = await open();
    await before.stop();
    rmSync(path);
    await write();
    const registry = await open();
    expect(registry.current().byTrace('BY83kR5MS5PM')?.id).toBe('fashion_bg');
    expect(registry.problems()).toHaveLength(1);
    await registry.stop();
    expect(await readdir(folder)).toEqual(['data']);
    expect(readFileSync(join(dataDir, 'users-map.last-good.yaml'), 'utf8')).toBe(REAL);
  });

  test('is not written where beacons were taken before', async () => {
    mkdirSync(join(dataDir, 'journal'));
    await write();
    expect(await readdir(folder)).toEqual(['data']);
  });

  test.each(['a-file/users-map.yaml', 'no-such-folder/users-map.yaml'])(
    'does not keep a start from going on when it cannot be written (%s)',
    async (place) => {
      writeFileSync(join(folder, 'a-file'), '');
      const events: string[] = [];
      await write(join(folder, place), { ...silentLog, warn: (event) => void events.push(event) });
      expect(events).toEqual(['demo_map_not_written']);
    },
  );
});
