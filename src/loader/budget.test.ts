import { describe, expect, test } from 'vitest';
import { createManualClock } from '#core';
import { createInsertBudget, roundWindowMs } from './budget.ts';

describe('the budget of inserts', () => {
  test('makes rounds longer when more tenants are active than it has inserts in a second', () => {
    const options = { windowMs: 1_000, insertsPerSecond: 50 };
    expect(roundWindowMs(10, options)).toBe(1_000);
    expect(roundWindowMs(1_000, options)).toBe(20_000);
    expect(roundWindowMs(10_000, options)).toBe(200_000);
  });

  test('lets one second of inserts start at once, and then as many as it allows', async () => {
    const clock = createManualClock(0);
    clock.advance(10_000);
    const budget = createInsertBudget(10, clock);
    clock.advance(5_000);
    let taken = 0;
    const takers = Array.from({ length: 30 }, () =>
      budget.take().then(() => {
        taken++;
      }),
    );
    await Promise.resolve();
    await Promise.resolve();
    expect(taken).toBe(10);
    for (let second = 0; second < 2; second++) {
      clock.advance(1_000);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
    expect(taken).toBe(30);
    await Promise.all(takers);
  });
});
