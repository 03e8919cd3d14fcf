import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename } from 'node:path';

/** `npm run bench -- NAME [options]`: runs one bench of `bench/`; without a name it lists them. */
const benches = globSync('bench/*.bench.ts').map((file) => basename(file, '.bench.ts'));
const [name, ...options] = process.argv.slice(2);

if (name === undefined || !benches.includes(name)) {
  process.stderr.write(`npm run bench -- NAME, with NAME one of: ${benches.toSorted().join(', ')}\n`);
  process.exit(name === undefined ? 0 : 2);
}
const { status } = spawnSync(process.execPath, ['--expose-gc', `bench/${name}.bench.ts`, ...options], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
