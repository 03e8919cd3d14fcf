import { expect, test } from 'vitest';
import { connectionsFor, openFilesLimit } from './open-files.ts';

test.each([
  [10_000, null, 10_000],
  [10_000, 1_048_576, 10_000],
  [10_000, 4_096, 3_584],
  [10_000, 1_024, 512],
  [10_000, 256, 128],
  [100, 4_096, 100],
])('of %d wanted connections with %s files at most, %d may be open', (wanted, limit, open) => {
  expect(connectionsFor(wanted, limit)).toBe(open);
});

test('this process knows how many files it may have open', () => {
  expect(openFilesLimit()).toBeGreaterThan(0);
});
