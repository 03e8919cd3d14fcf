import { spawnSync } from 'node:child_process';

/**
 * `npm test`: installs nothing by itself but says what is missing, then runs all tests. Arguments are given to the test
 * runner: `npm test -- src/tenants`.
 */
const run = (command: string, args: readonly string[]): number =>
  spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

process.exit(
  run(process.execPath, ['scripts/browser.ts']) || run('vitest', ['run', ...process.argv.slice(2)]),
);
