import { spawnSync } from 'node:child_process';

/**
 * `npm test`: makes sure that the machine has what the tests need, then runs them all. Arguments are given to the test
 * runner: `npm test -- src/tenants`.
 */
const run = (command: string, args: readonly string[]): number =>
  spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

process.exit(
  run(process.execPath, ['scripts/test-machine.ts']) || run('vitest', ['run', ...process.argv.slice(2)]),
);
