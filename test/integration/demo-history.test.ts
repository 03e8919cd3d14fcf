import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import { createDemoHistory, type DemoHistory, demoUsersMap } from '#demo';
import { poll } from '../support/poll.ts';
import { insertBeaconRows } from '../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';

const NOW = Date.now();
const TENANTS = ['demo_shop', 'demo_news'];
let world: TestWarehouse;

beforeAll(async () => {
  world = await startTestWarehouse();
  await writeFile(join(world.folder, 'users-map.yaml'), demoUsersMap(new Date(NOW).getUTCFullYear()));
});
afterAll(() => world.stop());

const openHistory = (): DemoHistory =>
  createDemoHistory({
    client: world.warehouse.client,
    clock: systemClock,
    log: silentLog,
    tell: () => undefined,
    dataDir: world.folder,
    usersMap: join(world.folder, 'users-map.yaml'),
    warehouse: { kind: 'embedded', connection: world.warehouse.connection, cluster: '' },
    beacons: { geoDatabase: 'off', pageGroups: [], keepQuery: true, keepUserAgent: true },
    logLevel: 'silent',
  });

/** The state as it is when a fill over these hours was begun and nothing of it is known to be stored. */
const begunOver = (hours: number): Promise<void> =>
  writeFile(
    join(world.folder, 'demo-history.json'),
    JSON.stringify({ kind: 'filling', from: NOW - hours * 3_600_000, to: NOW, done: {} }),
  );

const fill = async (): Promise<void> => {
  const history = openHistory();
  try {
    await history.start();
    await poll('the demo is filled', () => !history.isFilling(), 120_000);
  } finally {
    await history.stop();
  }
};

const figures = () =>
  Promise.all(
    TENANTS.map(async (tenant) => {
      const [row] = await world.rows<{
        beacons: number;
        marked: number;
        positions: number;
        releases: number;
      }>(
        `SELECT count() AS beacons, countIf(dimensions['generated'] = 'demo') AS marked,
          uniqExact(journal_segment, journal_offset) AS positions, uniqExact(dimensions['release']) AS releases
        FROM ${tenant}_webperf_rum_events`,
      );
      return row;
    }),
  );

describe("the demo's past", () => {
  it('is there once, all of it marked, whatever becomes of its state; and when it is removed it is gone for good', async () => {
    await begunOver(30);
    await fill();
    const first = await figures();
    for (const row of first) {
      expect(row?.beacons).toBeGreaterThan(500);
      expect(row).toMatchObject({ marked: row?.beacons, positions: row?.beacons });
    }

    await fill();
    expect(await figures()).toEqual(first);
    await begunOver(30);
    await fill();
    expect(await figures()).toEqual(first);

    // Somebody else's beacon that carries the mark.
    await insertBeaconRows(world.warehouse.client, testTenant('demo_shop').id, [
      { received_at: NOW, journal_segment: 1, dimensions: new Map([['generated', 'demo']]) },
    ]);
    const history = openHistory();
    expect(await history.remove()).toEqual({
      rows: first.reduce((sum, row) => sum + (row?.beacons ?? 0), 0),
    });
    const left = [{ beacons: 1 }, { beacons: 0 }];
    expect(await figures()).toMatchObject(left);
    await fill();
    expect(await figures()).toMatchObject(left);
  }, 240_000);
});
