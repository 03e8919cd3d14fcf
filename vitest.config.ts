import { defineConfig } from 'vitest/config';

/** Tests beside the code are unit tests; the folders under `test/` are the other kinds. No timed assertion in any. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
});
