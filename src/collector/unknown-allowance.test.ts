import { expect, test } from 'vitest';
import { createManualClock } from '#core';
import { createUnknownAllowance } from './unknown-allowance.ts';

test('an hour has its bytes, and they come back with the time', () => {
  const clock = createManualClock(0);
  const allowance = createUnknownAllowance(4 * 2_048, clock);
  const take = (): boolean => allowance.take(1_024);
  expect([take(), take(), take(), take(), take()]).toEqual([true, true, true, true, false]);
  clock.advance(900_000);
  expect([take(), take()]).toEqual([true, false]);
  clock.advance(24 * 3_600_000);
  expect([take(), take(), take(), take(), take()]).toEqual([true, true, true, true, false]);
});

test('without a bound everything may be stored', () => {
  const allowance = createUnknownAllowance(0, createManualClock(0));
  expect([allowance.take(1e12), allowance.take(1e12)]).toEqual([true, true]);
});
