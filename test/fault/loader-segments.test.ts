import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clock, createManualClock, systemClock } from '#core';
import { openCheckpoint } from '#journal';
import { parseState } from '../../src/loader/state.ts';
import { startWorld } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { createWorld, folder, sorted, untilStored } from '../support/loader-folder.ts';

describe('loading in rounds', () => {
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
});
