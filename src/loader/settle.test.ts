import { expect, test } from 'vitest';
import { silentLog, systemClock } from '#core';
import { createMemoryWarehouse, tenantOf } from '../../test/support/loader-world.ts';
import { createInsertBudget } from './budget.ts';
import { createGate } from './gate.ts';
import type { Row } from './rows.ts';
import { createSettle } from './settle.ts';

test('a loader that has lost its folder inserts nothing, however late it hears of it', async () => {
  const { id } = tenantOf('shop');
  const warehouse = createMemoryWarehouse([id]);
  let isHeld = true;
  const settle = createSettle(
    {
      warehouse,
      tables: warehouse,
      gate: createGate(
        warehouse,
        { clock: systemClock, log: silentLog },
        { probeTimeoutMs: 100, firstPauseMs: 2, longestPauseMs: 20, random: Math.random },
      ),
      budget: createInsertBudget(10_000, systemClock),
      log: silentLog,
      newBatchId: () => 1n,
      isHeld: () => Promise.resolve(isHeld),
      onStep: (step) => {
        // As a process that stands still here until another one has taken over.
        if (step === 'before_insert') isHeld = false;
      },
    },
    { insertTimeoutMs: 1_000, quietTimeoutMs: 1_000, attempts: 3 },
  );
  const rows = [{ segment: '0'.repeat(16), offset: 1, receivedAt: 1, content: {} }] as unknown as Row[];
  expect(await settle(id, rows, [], new AbortController().signal)).toMatchObject({
    kind: 'behind',
    code: 'LOADER_LOCK_LOST',
  });
  expect(warehouse.inserts).toEqual([]);
});
