import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, createManualClock, systemClock } from '#core';
import { openCheckpoint } from '#journal';
import type { Tenant } from '#tenants';
import type { LoadStep } from '../../src/loader/loading.ts';
import { parseState } from '../../src/loader/state.ts';
import {
  append,
  beaconOf,
  createMemoryArchive,
  createMemoryWarehouse,
  type InsertFault,
  openWriter,
  startWorld,
  tenantOf,
  type WorldParts,
} from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-loader-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const createWorld = (tenantIds: readonly string[]) => {
  const tenants = new Map<string, Tenant>(tenantIds.map((id) => [id, tenantOf(id)]));
  const warehouse = createMemoryWarehouse(tenantIds);
  const archive = createMemoryArchive();
  const writer = openWriter(join(folder, 'journal'), 20_000);
  const sent = new Map<string, string[]>();
  let number = 0;
  const send = async (destination: string, count: number, tag = 'b'): Promise<void> => {
    const markers = Array.from({ length: count }, () => `${destination}-${tag}-${number++}`);
    await Promise.all(markers.map((marker) => append(writer, beaconOf(destination, marker))));
    sent.set(destination, [...(sent.get(destination) ?? []), ...markers]);
  };
  const parts = { folder, warehouse, archive, tenants };
  const markersOf = (tenant: string): string[] => warehouse.rowsOf(tenant).map((row) => row.marker);
  return { tenants, warehouse, archive, writer, send, sent, parts, markersOf };
};

const sorted = (values: Iterable<string>): string[] => [...values].toSorted();

/** Lines that are complete: the last one may be under way. */
const quarantined = (): { marker: string; code: string }[] =>
  readdirSync(join(folder, 'quarantine'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n').slice(0, -1))
    .map((line) => {
      const { code, body_base64 } = JSON.parse(line) as { code: string; body_base64: string };
      return {
        code,
        marker: new URLSearchParams(Buffer.from(body_base64, 'base64').toString()).get('id') ?? '',
      };
    });

const untilStored = (world: ReturnType<typeof createWorld>, tenants: readonly string[]): Promise<true> =>
  poll('all rows are stored', () =>
    tenants.every((tenant) => world.warehouse.rowsOf(tenant).length >= (world.sent.get(tenant)?.length ?? 0)),
  );

describe('loading in rounds', () => {
  test('stores every beacon of a tenant once, and archives those of nobody', async () => {
    const world = createWorld(['shop', 'news']);
    await world.send('shop', 250);
    await world.send('news', 30);
    await world.send('unknown', 7);
    await world.send('expired', 3);
    const { rounds, sum } = await startWorld(world.parts);
    await untilStored(world, ['shop', 'news']);
    await poll('counted', async () => (await sum('rumbrella_loader_beacons_read_total')) === 290);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    for (const one of ['shop', 'news', 'unknown', 'expired'])
      expect(world.archive.markersOf(one)).toEqual(world.sent.get(one));
    expect(await sum('rumbrella_beacons_stored_total')).toBe(280);
    expect(await sum('rumbrella_beacons_archived_only_total')).toBe(10);
  });

  test.each<Exclude<InsertFault, null>>(['lost', 'half', 'whole', 'late', 'refused-connection', 'busy'])(
    'stores every beacon once when an insert ends like this: %s',
    async (fault) => {
      const world = createWorld(['shop', 'news']);
      let faults = 2;
      world.warehouse.fault = (batch) => (batch.tenant === 'shop' && faults-- > 0 ? fault : null);
      await world.send('shop', 120);
      await world.send('news', 20);
      const { rounds } = await startWorld(world.parts);
      await untilStored(world, ['shop', 'news']);
      await rounds.stop();
      expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
      expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    },
  );

  test('waits with one probe while the warehouse is down, and goes on by itself', async () => {
    const world = createWorld(['shop', 'news', 'blog', 'mall']);
    world.warehouse.up = false;
    for (const tenant of world.tenants.keys()) await world.send(tenant, 20);
    const { rounds } = await startWorld(world.parts);
    await poll('the loader knows', () => !rounds.status().warehouse.up);
    expect(rounds.status().lagging).toEqual([]);
    expect(world.warehouse.inserts).toEqual([]);
    world.warehouse.up = true;
    await untilStored(world, [...world.tenants.keys()]);
    await poll('the loader knows', () => rounds.status().warehouse.up);
    await rounds.stop();
    for (const tenant of world.tenants.keys())
      expect(sorted(world.markersOf(tenant))).toEqual(sorted(world.sent.get(tenant) ?? []));
  });

  test('leaves behind a tenant whose tables fail, loads the others, and lets it catch up', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.notReady.add('shop');
    await world.send('shop', 150);
    await world.send('news', 50);
    const { rounds, sum } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging.some(({ tenant }) => tenant === 'shop'));
    for (let again = 0; again < 5; again++) {
      await world.send('shop', 40);
      await world.send('news', 40);
      await untilStored(world, ['news']);
    }
    expect(world.markersOf('shop')).toEqual([]);
    await poll('all are counted', () => rounds.status().lagging[0]?.pending === 350);
    world.warehouse.notReady.delete('shop');
    await untilStored(world, ['shop']);
    await poll('nobody lags', () => rounds.status().lagging.length === 0);
    await world.send('shop', 10);
    await untilStored(world, ['shop']);
    await poll('counted', async () => (await sum('rumbrella_beacons_stored_total')) === 610);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    expect(await sum('rumbrella_loader_beacons_read_total')).toBe(610);
  });

  test('remembers over a restart from where a tenant lags', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.notReady.add('shop');
    await world.send('shop', 100);
    await world.send('news', 100);
    const first = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => first.rounds.status().lagging.length === 1);
    await first.rounds.stop();
    world.warehouse.notReady.delete('shop');
    const second = await startWorld(world.parts);
    await untilStored(world, ['shop']);
    await second.rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
  });

  test('puts exactly the refused rows into quarantine, with few inserts', async () => {
    const world = createWorld(['shop']);
    world.warehouse.poison = (marker) => marker.includes('poison');
    await world.send('shop', 40);
    await world.send('shop', 1, 'poison');
    await world.send('shop', 59);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('all are settled', async () => (await sum('rumbrella_loader_beacons_read_total')) === 100);
    await rounds.stop();
    expect(quarantined()).toEqual([{ marker: 'shop-poison-40', code: '27' }]);
    expect(sorted(world.markersOf('shop'))).toEqual(
      sorted(world.sent.get('shop') ?? []).filter((marker) => !marker.includes('poison')),
    );
    expect(world.warehouse.inserts.length).toBeLessThanOrEqual(2 * Math.log2(100) + 3);
    expect(await sum('rumbrella_beacons_quarantined_total')).toBe(1);
    expect(await sum('rumbrella_beacons_stored_total')).toBe(99);
  });

  test('takes a table that refuses every row for broken, and quarantines nothing', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.poison = (marker) => marker.startsWith('shop');
    await world.send('shop', 100);
    await world.send('news', 10);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging.length === 1);
    await rounds.stop();
    expect(quarantined()).toEqual([]);
    expect(world.markersOf('shop')).toEqual([]);
  });

  test('counts beacons of host names that the tenant does not accept, and stores none', async () => {
    const world = createWorld(['shop', 'news']);
    world.tenants.set('news', tenantOf('news', { onlyHostnames: true, hostnames: ['other.example'] }));
    await world.send('news', 12);
    await world.send('shop', 5);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('counted', async () => (await sum('rumbrella_loader_beacons_read_total')) === 17);
    await rounds.stop();
    expect(world.markersOf('news')).toEqual([]);
    expect(await sum('rumbrella_loader_refused_total')).toBe(12);
    expect(world.archive.markersOf('news')).toEqual(world.sent.get('news'));
  });

  test('waits for the users map to name a tenant that the door knew already', async () => {
    const world = createWorld(['shop']);
    await world.send('new_one', 9);
    const { rounds } = await startWorld({ ...world.parts, options: { unknownTenantMs: 60_000 } });
    await poll('it waits', () => rounds.status().lagging[0]?.code === 'LOADER_TENANT_UNKNOWN');
    world.tenants.set('new_one', tenantOf('new_one'));
    await untilStored(world, ['new_one']);
    await rounds.stop();
    expect(sorted(world.markersOf('new_one'))).toEqual(sorted(world.sent.get('new_one') ?? []));
  });

  test('archives only the beacons of a tenant that has left the map and has no tables', async () => {
    const world = createWorld(['shop']);
    await world.send('gone', 9);
    await world.send('shop', 4);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('counted', async () => (await sum('rumbrella_beacons_archived_only_total')) === 9);
    expect(rounds.status().lagging).toEqual([]);
    await rounds.stop();
    expect(await sum('rumbrella_loader_beacons_read_total')).toBe(13);
    expect(await sum('rumbrella_beacons_stored_total')).toBe(4);
    expect(world.archive.markersOf('gone')).toEqual(world.sent.get('gone'));
  });

  test('stops a tenant whose table holds a beacon twice, and only this one', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.fault = (batch) => (batch.tenant === 'shop' ? 'twice' : null);
    await world.send('shop', 10);
    await world.send('news', 10);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    const entry = await poll('shop is stopped', () => rounds.status().lagging[0]);
    await rounds.stop();
    expect(entry).toMatchObject({ tenant: 'shop', code: 'LOADER_ROWS_DOUBLED' });
  });

  test('inserts again what a restarted server has lost', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.startedAt = Date.now() - 60_000;
    await world.send('shop', 180);
    await world.send('news', 20);
    const { rounds, sum } = await startWorld(world.parts);
    await untilStored(world, ['shop', 'news']);
    await poll('counted', async () => (await sum('rumbrella_beacons_stored_total')) === 200);
    const lost = new Set(world.sent.get('shop')?.slice(100, 130));
    world.warehouse.lose('shop', lost);
    world.warehouse.startedAt = Date.now();
    await untilStored(world, ['shop']);
    await poll('the look is over', () => !rounds.status().lookingAgain);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(await sum('rumbrella_loader_rows_healed_total')).toBe(30);
    expect(await sum('rumbrella_beacons_stored_total')).toBe(200);
  });

  test.each([
    ['missing', () => rmSync(join(folder, 'loader.checkpoint'))],
    [
      'corrupt',
      () => writeFileSync(join(folder, 'loader.checkpoint'), 'rumbrella-checkpoint 1 9 00000000\n{}'),
    ],
    ['an old one', (old: Buffer) => writeFileSync(join(folder, 'loader.checkpoint'), old)],
  ])('stores every beacon once when the checkpoint is %s', async (_, spoil) => {
    const world = createWorld(['shop', 'news']);
    const load = async (counts: readonly [number, number]): Promise<void> => {
      const { rounds } = await startWorld(world.parts);
      await world.send('shop', counts[0]);
      await world.send('news', counts[1]);
      await untilStored(world, ['shop', 'news']);
      await rounds.stop();
    };
    await load([120, 20]);
    const old = readFileSync(join(folder, 'loader.checkpoint'));
    await load([220, 60]);
    await load([90, 0]);
    spoil(old);
    await load([40, 5]);
    for (const one of ['shop', 'news'])
      expect(sorted(world.markersOf(one))).toEqual(sorted(world.sent.get(one) ?? []));
  });

  test('inserts again what a server has lost that was away for longer than the look back', async () => {
    const world = createWorld(['shop', 'news']);
    let jump = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() + jump };
    world.warehouse.startedAt = Date.now() - 60_000;
    await world.send('shop', 180);
    const { rounds, sum } = await startWorld({ ...world.parts, clock });
    await untilStored(world, ['shop']);
    const probes = world.warehouse.probes;
    await poll('the server was seen', () => world.warehouse.probes > probes + 1);
    world.warehouse.up = false;
    world.warehouse.lose('shop', new Set(world.sent.get('shop')?.slice(100, 130)));
    jump = 2 * 3_600_000;
    await world.send('news', 20);
    await poll('the loader knows', () => !rounds.status().warehouse.up);
    world.warehouse.startedAt = clock.now();
    world.warehouse.up = true;
    await untilStored(world, ['shop', 'news']);
    await poll('the look is over', () => !rounds.status().lookingAgain);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    expect(await sum('rumbrella_loader_rows_healed_total')).toBe(30);
  });

  test.each([
    ['inserts again', 'the machine was started again', 'second boot', 30],
    ['looks at nothing', 'only the loader was started again', 'first boot', 0],
  ])('%s what was lost when %s', async (_, __, bootId, healed) => {
    const world = createWorld(['shop', 'news']);
    await world.send('shop', 180);
    await world.send('news', 20);
    const options = { distrustRestarts: false };
    const first = await startWorld({ ...world.parts, options, bootId: 'first boot' });
    await untilStored(world, ['shop', 'news']);
    await first.rounds.stop();
    const lost = new Set(world.sent.get('shop')?.slice(100, 130));
    world.warehouse.lose('shop', lost);
    const { rounds, sum } = await startWorld({ ...world.parts, options, bootId });
    await world.send('news', 10);
    await poll('the later ones are stored', () => world.markersOf('news').length >= 30);
    await poll('the look is over', () => !rounds.status().lookingAgain);
    await rounds.stop();
    expect(await sum('rumbrella_loader_rows_healed_total')).toBe(healed);
    const left = (world.sent.get('shop') ?? []).filter((marker) => healed > 0 || !lost.has(marker));
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(left));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
  });

  test('deletes loaded segments, and none that a lagging tenant needs', async () => {
    const world = createWorld(['shop', 'news']);
    const segments = (): number =>
      readdirSync(join(folder, 'journal')).filter((name) => name.endsWith('.journal')).length;
    world.warehouse.notReady.add('shop');
    for (let again = 0; again < 6; again++) await world.send('news', 100);
    await world.send('shop', 60);
    await world.writer.stop();
    const before = segments();
    expect(before).toBeGreaterThan(2);
    const { rounds } = await startWorld({ ...world.parts, options: { keepLoadedMs: 0 } });
    await untilStored(world, ['news']);
    await poll('earlier segments are deleted', () => segments() < before);
    expect(segments()).toBeGreaterThan(0);
    world.warehouse.notReady.delete('shop');
    await untilStored(world, ['shop']);
    await poll('all are deleted', () => segments() === 0);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
  });

  test('starts on a full disk by deleting what is loaded, and goes on', async () => {
    const world = createWorld(['shop']);
    const segments = (): number =>
      readdirSync(join(folder, 'journal')).filter((name) => name.endsWith('.journal')).length;
    for (let again = 0; again < 6; again++) await world.send('shop', 100);
    await world.writer.stop();
    const first = await startWorld(world.parts);
    await untilStored(world, ['shop']);
    await poll('counted', async () => (await first.sum('rumbrella_beacons_stored_total')) === 600);
    await first.rounds.stop();
    const before = segments();
    const file = openCheckpoint(join(folder, 'loader.checkpoint'), parseState);
    const checkpoint: typeof file = {
      load: () => file.load(),
      save: async (value) => {
        if (segments() === before) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        await file.save(value);
      },
    };
    const spaceIsLow = (): boolean => segments() === before;
    const { rounds } = await startWorld({ ...world.parts, checkpoint, spaceIsLow });
    await poll('all are deleted', () => segments() === 0);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
  });

  test.each([
    ['a round', false],
    ['a tenant that catches up', true],
  ])(
    'deletes what is loaded from a disk that fills up while %s waits for the warehouse',
    async (_, hasBacklog) => {
      const world = createWorld(['shop', 'news']);
      const segments = (): number =>
        readdirSync(join(folder, 'journal')).filter((name) => name.endsWith('.journal')).length;
      const clock = createManualClock(Date.now());
      const pollMoving = (what: string, condition: () => boolean): Promise<true> =>
        poll(what, () => {
          clock.advance(5);
          return condition();
        });
      let isLow = false;
      const { rounds } = await startWorld({ ...world.parts, clock, spaceIsLow: () => isLow });
      const loaded = (tenant: string): boolean =>
        world.warehouse.rowsOf(tenant).length === world.sent.get(tenant)?.length;
      for (let again = 0; again < 6; again++) await world.send('news', 100);
      await pollMoving('all rows are stored', () => loaded('news'));
      if (hasBacklog) world.warehouse.notReady.add('shop');
      else world.warehouse.up = false;
      await world.send('shop', 10);
      if (hasBacklog) {
        await pollMoving('shop lags', () => rounds.status().lagging[0]?.pending === 10);
        world.warehouse.up = false;
        world.warehouse.notReady.delete('shop');
      }
      await pollMoving('the loader knows', () => !rounds.status().warehouse.up);
      const before = segments();
      expect(before).toBeGreaterThan(2);
      isLow = true;
      await pollMoving('loaded segments are deleted', () => segments() === 1);
      expect(rounds.status().warehouse.up).toBe(false);
      isLow = false;
      world.warehouse.up = true;
      await pollMoving('what waited is stored', () => loaded('shop'));
      const stopped = rounds.stop();
      await pollMoving('stopped', () => true);
      await stopped;
      for (const tenant of ['shop', 'news'])
        expect(sorted(world.markersOf(tenant))).toEqual(sorted(world.sent.get(tenant) ?? []));
    },
  );

  test.each([
    ['an hour back', -3_600_000],
    ['an hour ahead', 3_600_000],
    ['400 days ahead', 400 * 86_400_000],
  ])('loads every beacon once while the wall clock jumps %s and returns', async (_, jumpMs) => {
    const world = createWorld(['shop']);
    let jump = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() + jump };
    const { rounds } = await startWorld({ ...world.parts, clock, options: { keepLoadedMs: 60_000 } });
    for (const next of [0, jumpMs, jumpMs, 0]) {
      jump = next;
      await world.send('shop', 80);
      await untilStored(world, ['shop']);
    }
    await rounds.stop();
    const again = await startWorld(world.parts);
    await world.send('shop', 20);
    await untilStored(world, ['shop']);
    await again.rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.archive.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
  });

  test('leaves the backlog of a tenant that cannot be filled for too long to the archive', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.notReady.add('shop');
    await world.send('shop', 60);
    // Longer than a busy machine may hold the loader: what waits for so long when it comes back is given up as well.
    const options = { giveUpAfterMs: 2_000, keepLoadedMs: 0 };
    const { rounds, sum } = await startWorld({ ...world.parts, options });
    await poll('it waits', () => rounds.status().lagging[0]?.pending === 60);
    await poll('it is left', () => rounds.status().lagging[0]?.pending === 0);
    world.warehouse.notReady.delete('shop');
    await world.send('shop', 5, 'later');
    await poll('the later ones are stored', () => world.markersOf('shop').length >= 5);
    await rounds.stop();
    expect(world.markersOf('shop').every((marker) => marker.includes('later'))).toBe(true);
    expect(world.archive.markersOf('shop')).toEqual(world.sent.get('shop'));
    expect(await sum('rumbrella_beacons_archived_only_total')).toBe(60);
  });

  test('loads the other tenants while an insert of one hangs', async () => {
    const world = createWorld(['shop', 'news']);
    const insertRows = world.warehouse.insertRows;
    let release = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.warehouse.insertRows = async (batch, options) => {
      if (batch.tenant === 'shop') await hanging;
      return await insertRows(batch, options);
    };
    await world.send('shop', 30);
    await world.send('news', 30);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging[0]?.code === 'LOADER_TENANT_SLOW');
    await world.send('news', 30);
    await world.send('shop', 30);
    await untilStored(world, ['news']);
    release();
    await untilStored(world, ['shop']);
    await poll('nobody lags', () => rounds.status().lagging.length === 0);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
  });
});

const STEPS: readonly LoadStep[] = [
  'round_collected',
  'before_intent',
  'intent_saved',
  'before_insert',
  'after_insert',
  'before_verify',
  'after_verify',
  'quarantined',
  'inserted',
  'before_checkpoint',
  'checkpoint_saved',
  'before_remove',
  'segment_removed',
];

/** From the n-th time at this step on the loader can do nothing any more, as after `kill -9`; what it has sent goes on. */
const crashAt = (
  step: LoadStep,
  times: number,
): { onStep: (name: LoadStep) => void; crashed: () => boolean } => {
  let left = times;
  let crashed = false;
  return {
    crashed: () => crashed,
    onStep: (name) => {
      if (name === step && --left <= 0) crashed = true;
      if (crashed) throw new Error(`ended at ${name}`);
    },
  };
};

/** Runs the loader until it crashes or has nothing more to do. */
const runOnce = async (
  parts: WorldParts,
  crash: ReturnType<typeof crashAt>,
  isDone: () => boolean,
): Promise<void> => {
  const { rounds } = await startWorld({ ...parts, onStep: crash.onStep });
  await poll('crashed or done', () => crash.crashed() || isDone());
  if (crash.crashed()) await Promise.race([rounds.ended.catch(() => undefined), rounds.stop()]);
  else await rounds.stop();
};

describe('a loader that ends at any step', () => {
  test.each(STEPS)('loses nothing and doubles nothing when it ends at %s', async (step) => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.poison = (marker) => marker.includes('poison');
    let inserts = 0;
    const faults: InsertFault[] = ['whole', null, 'half', 'lost', null, 'late'];
    world.warehouse.fault = () => faults[inserts++ % faults.length] ?? null;
    const good = (tenant: string): string[] =>
      sorted((world.sent.get(tenant) ?? []).filter((marker) => !marker.includes('poison')));
    const isDone = (): boolean =>
      ['shop', 'news'].every((tenant) => world.warehouse.rowsOf(tenant).length >= good(tenant).length);
    for (let times = 1; times <= 4; times++) {
      await world.send('shop', 70);
      await world.send('shop', 1, 'poison');
      await world.send('news', 30);
      await world.send('unknown', 2);
      const options = { keepLoadedMs: 0 };
      await runOnce({ ...world.parts, options }, crashAt(step, times), isDone);
    }
    const { rounds } = await startWorld(world.parts);
    await poll('all rows are stored', isDone);
    await poll('all are archived', () => world.archive.markersOf('unknown').length >= 8);
    await poll('nobody lags', () => rounds.status().lagging.length === 0);
    await rounds.stop();
    for (const tenant of ['shop', 'news']) expect(sorted(world.markersOf(tenant))).toEqual(good(tenant));
    expect(sorted(quarantined().map(({ marker }) => marker))).toEqual(
      sorted((world.sent.get('shop') ?? []).filter((marker) => marker.includes('poison'))),
    );
    for (const one of ['shop', 'news', 'unknown'])
      expect(sorted(world.archive.markersOf(one))).toEqual(sorted(world.sent.get(one) ?? []));
  });
});

const ROUNDS = Number(process.env['RUMBRELLA_FAULT_ROUNDS'] ?? 25);

type Event =
  | { readonly kind: 'send'; readonly to: string; readonly count: number; readonly poison: number }
  | { readonly kind: 'run'; readonly faults: readonly InsertFault[] }
  | {
      readonly kind: 'crash';
      readonly step: LoadStep;
      readonly times: number;
      readonly faults: readonly InsertFault[];
    }
  | { readonly kind: 'tables'; readonly tenant: string; readonly ready: boolean };

const faults = fc.array(
  fc.constantFrom<InsertFault>(
    null,
    null,
    'lost',
    'half',
    'whole',
    'late',
    'refused-connection',
    'busy',
    'no-table',
  ),
  { maxLength: 6 },
);
const event = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    to: fc.constantFrom('shop', 'news', 'unknown', 'expired'),
    count: fc.integer({ min: 1, max: 120 }),
    poison: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ kind: fc.constant('run' as const), faults }),
  fc.record({
    kind: fc.constant('crash' as const),
    step: fc.constantFrom(...STEPS),
    times: fc.integer({ min: 1, max: 6 }),
    faults,
  }),
  fc.record({
    kind: fc.constant('tables' as const),
    tenant: fc.constantFrom('shop', 'news'),
    ready: fc.boolean(),
  }),
);

describe('any schedule of beacons, faults and crashes', () => {
  test('ends with each good beacon in its table once, each bad one in quarantine once, and all in the archive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events: readonly Event[]) => {
        rmSync(folder, { recursive: true, force: true });
        const world = createWorld(['shop', 'news']);
        world.warehouse.poison = (marker) => marker.includes('poison');
        const options = { keepLoadedMs: 0 };
        for (const step of events) {
          if (step.kind === 'send') {
            await world.send(step.to, step.count);
            if (step.poison > 0) await world.send(step.to, step.poison, 'poison');
          } else if (step.kind === 'tables') {
            if (step.ready) world.warehouse.notReady.delete(step.tenant);
            else world.warehouse.notReady.add(step.tenant);
          } else {
            let inserts = 0;
            world.warehouse.fault = () => step.faults[inserts++] ?? null;
            const crash = step.kind === 'crash' ? crashAt(step.step, step.times) : crashAt('inserted', 1e9);
            const end = performance.now() + 60;
            await runOnce({ ...world.parts, options }, crash, () => performance.now() > end);
          }
        }
        world.warehouse.fault = () => null;
        world.warehouse.notReady.clear();
        // One good beacon for each, so that a round of nothing but refused rows is not taken for a broken table.
        await world.send('shop', 20);
        await world.send('news', 20);
        const { rounds } = await startWorld({ ...world.parts, options });
        const good = (tenant: string): string[] =>
          sorted((world.sent.get(tenant) ?? []).filter((marker) => !marker.includes('poison')));
        const bad = sorted(
          ['shop', 'news']
            .flatMap((tenant) => world.sent.get(tenant) ?? [])
            .filter((marker) => marker.includes('poison')),
        );
        await poll('everything is settled', () => {
          const stored = ['shop', 'news'].every(
            (tenant) => world.warehouse.rowsOf(tenant).length >= good(tenant).length,
          );
          const archived = [...world.sent].every(
            ([to, markers]) => world.archive.markersOf(to).length >= markers.length,
          );
          return (
            stored && archived && quarantined().length >= bad.length && rounds.status().lagging.length === 0
          );
        });
        await rounds.stop();
        await world.writer.stop();
        for (const tenant of ['shop', 'news']) expect(sorted(world.markersOf(tenant))).toEqual(good(tenant));
        expect(sorted(quarantined().map(({ marker }) => marker))).toEqual(bad);
        for (const [to, markers] of world.sent)
          expect(sorted(world.archive.markersOf(to))).toEqual(sorted(markers));
      }),
      { numRuns: ROUNDS },
    );
  }, 3_600_000);
});
