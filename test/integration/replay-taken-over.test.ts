import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#config';
import { silentLog, systemClock } from '#core';
import type { JournalRecord } from '#journal';
import { openTenantRegistry } from '#tenants';
import { runReplayInto } from '#upkeep';
import { openReplayPlace, type ReplayPlace } from '../support/replay-place.ts';

const THEN = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;

let place: ReplayPlace;
beforeAll(async () => {
  place = await openReplayPlace();
});
afterAll(() => place?.stop());

/** A page view of nobody, yet. */
const beacon = (number: number): JournalRecord => ({
  receivedAt: THEN + number * 1_000,
  destination: 'unknown',
  trace: 'T1',
  method: 'POST',
  query: 'brum_trace=T1',
  body: Buffer.from(`u=https%3A%2F%2Fshop.example%2F&pid=p${number}&n=1`),
  headers: [['user-agent', 'x']],
  clientAddress: '',
  country: '',
  city: '',
});

/** Makes the holder of the lock one of another machine that has not been heard of for two minutes. */
const abandonLock = (): void => {
  const folder = join(place.dataDir, 'replay');
  const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.lock'));
  const path = join(folder, name);
  const owner = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...owner, machine: 'another one' }));
  const before = new Date(Date.now() - 120_000);
  utimesSync(path, before, before);
};

test('a replay that stood still while another one took over inserts nothing any more, and says so', async () => {
  place.addTenants('news T2 2099-01-01');
  await place.send(Array.from({ length: 50 }, (_, number) => beacon(number)));
  await place.load();
  place.addTenants('shop T1 2099-01-01');

  const { client } = place.warehouse;
  let looks = 0;
  /** Stands still when it has read that the table has none of the rows. */
  const standing = new Proxy(client, {
    get: (target, name) => {
      if (name !== 'query') return Reflect.get(target, name) as unknown;
      return async (...[params]: Parameters<typeof client.query>) => {
        const result = await target.query(params);
        if (params.query.includes('journal_offset') && (looks += 1) === 1) {
          abandonLock();
          expect(await place.replay({ folder: 'unknown' })).toMatchObject({
            tenants: { shop: { inserted: 50, existing: 0 } },
          });
        }
        return result;
      };
    },
  });
  const config = loadConfig({
    overrides: { data_dir: place.dataDir, log_level: 'warn', 'loader.geo_database': 'off' },
  });
  const registry = await openTenantRegistry({
    path: join(place.dataDir, 'users-map.yaml'),
    lastGoodPath: join(place.dataDir, 'last-good.yaml'),
    clock: systemClock,
    log: silentLog,
  });
  const replaying = runReplayInto(
    {
      from: join(place.dataDir, 'archive'),
      folder: 'unknown',
      since: null,
      until: null,
      tenant: null,
      trace: null,
      as: null,
      own: false,
      dryRun: false,
      ratePerSecond: 0,
      traceParameters: config.collector.traceParameters,
    },
    { dataDir: place.dataDir, beacons: config.loader, insertsPerSecond: 100, parallelMigrations: 1 },
    {
      registry,
      warehouse: { client: standing, kind: 'embedded', cluster: '' },
      clock: systemClock,
      log: silentLog,
      onProgress: () => undefined,
    },
    new AbortController().signal,
  );
  await expect(replaying).rejects.toMatchObject({ code: 'REPLAY_TAKEN_OVER' });
  expect(await place.rows('shop')).toHaveLength(50);
  // It is not tried again.
  expect(looks).toBe(1);
  await registry.stop();
});
