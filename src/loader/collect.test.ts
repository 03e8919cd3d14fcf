import { expect, test } from 'vitest';
import { aBeacon } from '../../test/support/a-beacon.ts';
import { rows } from '../../test/support/decoded-row.ts';
import { createMetrics, silentLog, systemClock } from '#core';
import { createReadMemory, type JournalEntry } from '#journal';
import { collectRound } from './collect.ts';
import { createBeaconForms } from './decode/beacon-forms.ts';
import { createLoaderMetrics } from './loader-metrics.ts';

const LIMITS = { maxRows: 100, maxBytes: 1_000_000, chunkEntries: 100, chunkBytes: 1_000_000, pollMs: 0 };

test('a loader that lost its folder after the last beacon writes nothing of the round', async () => {
  let held = true;
  let committed = 0;
  const reads: (readonly JournalEntry[])[] = [[aBeacon({ n: 1 })], []];
  const never = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  const round = collectRound(
    {},
    new Set(),
    (hasReachedEnd) => hasReachedEnd && reads.length === 0,
    {
      journal: {
        read: () => {
          const entries = reads.shift() ?? [];
          held = entries.length > 0;
          return Promise.resolve({ entries, cursor: {}, damages: [] });
        },
        segments: never,
        keepDamage: never,
        remove: never,
      },
      archive: {
        append: () => undefined,
        commit: () => {
          committed++;
          return Promise.resolve({});
        },
        restore: never,
        closeDays: never,
        stop: never,
      },
      tenants: { byId: () => undefined, refresh: never },
      encode: rows.encode,
      clock: systemClock,
      log: silentLog,
      metrics: createLoaderMetrics(createMetrics()),
      memory: createReadMemory(),
      forms: createBeaconForms(),
      isHeld: () => Promise.resolve(held),
      seen: () => undefined,
    },
    LIMITS,
    new AbortController().signal,
  );
  await expect(round).rejects.toMatchObject({ code: 'LOADER_LOCK_LOST' });
  expect(committed).toBe(0);
});
