import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

/**
 * What the tests need besides Node: a real browser, PostgreSQL, a tracer of system calls and the Python of one example. On Debian and
 * as root whatever is missing is installed from Debian's own packages; elsewhere it is named, and the run stops.
 */
const NEEDS = [
  {
    name: 'Chromium',
    package: 'chromium',
    isThere: () => onPath('chromium') || process.env['RUMBRELLA_CHROMIUM'] !== undefined,
  },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    isThere: () => globSync('/usr/lib/postgresql/*/bin/initdb').length > 0 || onPath('initdb'),
  },
  { name: 'strace', package: 'strace', isThere: () => onPath('strace') },
  { name: 'Python 3', package: 'python3', isThere: () => onPath('python3') },
] as const;

const onPath = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/${command}`));

const missing = NEEDS.filter((need) => !need.isThere());
if (missing.length > 0) install(missing.map((need) => need.package));

function install(packages: readonly string[]): void {
  const canInstall = process.getuid?.() === 0 && onPath('apt-get');
  if (!canInstall) {
    process.stderr.write(
      `the tests need ${missing.map((need) => need.name).join(', ')}; on Debian: sudo apt-get install ${packages.join(' ')}\n` +
        '(another Chromium or Chrome: put its path into RUMBRELLA_CHROMIUM)\n',
    );
    process.exit(1);
  }
  process.stdout.write(`installing from Debian's packages, for the tests: ${packages.join(' ')}\n`);
  const apt = (...args: string[]): number =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status ?? 1;
  const status = apt('update') || apt('install', '--no-install-recommends', ...packages);
  if (status !== 0) process.exit(status);
}
