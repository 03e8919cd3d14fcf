import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '#core';
import { startWorld } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { createWorld, folder, sorted, untilStored } from '../support/loader-folder.ts';

describe('loading in rounds', () => {
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
});
