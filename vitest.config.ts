import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests beside the code are unit tests; the folders under `test/` are the other kinds. No timed assertion in any. */
export default defineConfig({
  test: {
    include: ['{src,test,examples,docs}/**/*.test.ts', 'web/src/**/*.test.ts'],
    // `web/` is a package of its own, where the names of the root's package.json do not count.
    alias: { '#vitals': fileURLToPath(new URL('src/vitals/index.ts', import.meta.url)) },
    // Bounds for what hangs, not for what is slow: a busy machine takes several times as long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
});
