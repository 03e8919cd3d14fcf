import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LoadStep } from '../../src/loader/loading.ts';
import { createPlace, openEngine, type Place } from '../support/loader-place.ts';
import { poll } from '../support/poll.ts';

// A loader that stands still for so long that another one takes over its folder, and then goes on as if nothing had happened. Real journal, real engine,
// real signals.

const STEPS: readonly LoadStep[] = [
  'round_collected',
  'before_intent',
  'intent_saved',
  'before_insert',
  'after_insert',
  'inserted',
  'before_checkpoint',
  'checkpoint_saved',
];

let engine: Awaited<ReturnType<typeof openEngine>>;
beforeAll(async () => {
  engine = await openEngine();
}, 120_000);
afterAll(() => engine.stop());

let place: Place;
const zombies: ChildProcess[] = [];
afterEach(async () => {
  // A stopped process hears of nothing else.
  for (const zombie of zombies.splice(0)) zombie.kill('SIGCONT');
  await place.stop();
});

const untilStored = (tenant: string): Promise<true> =>
  poll(
    `all rows of ${tenant}`,
    async () => (await place.stored(tenant).catch(() => [])).length >= place.expected(tenant).length,
    90_000,
  );

const isStopped = ({ pid }: ChildProcess): boolean => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Makes the holder of the lock one of another machine that has not been heard of for two minutes. */
const abandonLock = (): void => {
  const [name = ''] = readdirSync(place.dataDir).filter((each) => /^loader\.\d+\.lock$/.test(each));
  const path = join(place.dataDir, name);
  const owner = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...owner, machine: 'another one' }));
  const before = new Date(Date.now() - 120_000);
  utimesSync(path, before, before);
};

describe('a loader that stood still while another one took over', () => {
  test.each(STEPS)('at %s: doubles no row, loses none, and ends', async (step) => {
    const shop = `zombie_${step}`;
    const news = `${shop}_news`;
    place = createPlace(engine.warehouse, [shop, news]);
    // This is not about the creation of tables.
    await place.send(shop, 10);
    await place.send(news, 10);
    const first = place.spawnLoader();
    await Promise.all([untilStored(shop), untilStored(news)]);
    first.kill('SIGTERM');
    await once(first, 'exit');

    await place.send(shop, 150);
    await place.send(news, 60);
    const zombie = place.spawnLoader({ STOP_AT: step });
    zombies.push(zombie);
    const errors: string[] = [];
    zombie.stderr?.on('data', (text: Buffer) => errors.push(text.toString()));
    await poll(`the loader stands still at ${step}`, () => isStopped(zombie));
    abandonLock();

    const successor = place.spawnLoader();
    await place.send(shop, 40);
    await Promise.all([untilStored(shop), untilStored(news)]);

    const ended = once(zombie, 'exit');
    zombie.kill('SIGCONT');
    const [code] = (await ended) as [number | null];
    expect(code).not.toBe(0);
    expect(errors.join('')).toContain('LOADER_LOCK_LOST');

    await place.send(shop, 30);
    await place.send(news, 30);
    await Promise.all([untilStored(shop), untilStored(news)]);
    successor.kill('SIGTERM');
    expect(await once(successor, 'exit')).toEqual([0, null]);
    for (const tenant of [shop, news]) {
      expect(await place.stored(tenant)).toEqual(place.expected(tenant));
      expect(place.archived(tenant)).toEqual(place.expected(tenant));
    }
  });
});
