import { spawnSync } from 'node:child_process';

/** `npm run test:clickhouse-server`: the contract of ClickHouse's protocol against the pinned server of `compose.yaml`. */
const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

const up = run('docker', ['compose', 'up', '--wait', 'clickhouse']);
if (up !== 0) {
  process.stderr.write('the ClickHouse server did not start; Docker with the compose plugin is needed\n');
  process.exit(up);
}
const contract = run('vitest', ['run', 'test/contract/clickhouse-protocol.contract.test.ts'], {
  RUMBRELLA_CLICKHOUSE_URL: 'http://127.0.0.1:18123',
  RUMBRELLA_CLICKHOUSE_USERNAME: 'rumbrella',
  RUMBRELLA_CLICKHOUSE_PASSWORD: 'rumbrella',
});
const down = run('docker', ['compose', 'down', '--volumes']);
process.exit(contract || down);
