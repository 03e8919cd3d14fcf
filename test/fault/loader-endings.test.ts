import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoadStep } from '../../src/loader/loading.ts';
import { type InsertFault, startWorld, type WorldParts } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { createWorld, folder, quarantined, sorted } from '../support/loader-folder.ts';

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
