import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Runs the benches named as arguments (default: all of `BENCHES`), keeps their output in `bench/results/` and writes `docs/benchmarks.md` from it, so that every
 * figure on the page was printed by a bench on the machine that the page names.
 */
const BENCHES: Readonly<Record<string, string>> = {
  collector: 'Durable beacons at the door, against bare `node:http`',
  journal: 'The journal alone',
  decode: 'From journal bytes to an encoded row',
  engine: 'The embedded ClickHouse',
  loader: 'From the journal to rows',
  freshness: 'From 204 to a row that can be queried',
  tenants: 'Many organizations: tables, migrations, restart',
  start: 'From start to the first 204',
  resolution: 'Tenant resolution',
  gateway: 'Requests through the gateway, against bare `node:http` and a plain proxy',
  reports: 'Reports through the gateway, 10 million page views',
  'back-office': 'Pages of the back office in Chromium, 10 million page views',
};
const results = fileURLToPath(new URL('../bench/results/', import.meta.url));
const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const asked = process.argv.slice(2);
const today = new Date().toISOString().slice(0, 10);

mkdirSync(results, { recursive: true });
for (const name of asked.length === 0 ? Object.keys(BENCHES) : asked) {
  process.stderr.write(`bench ${name}\n`);
  const { stdout, status } = spawnSync(process.execPath, ['scripts/bench.ts', name], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) writeFileSync(`${results}${name}.txt`, `${today}\n${stdout}`);
  else process.stderr.write(`bench ${name} failed\n${stdout}\n`);
}

const section = ([name, title]: readonly [string, string]): string => {
  let text: string;
  try {
    text = readFileSync(`${results}${name}.txt`, 'utf8');
  } catch {
    return '';
  }
  const [date = '', ...lines] = text.trimEnd().split('\n');
  const figures = lines.pop() ?? '';
  return `## ${title}\n\n\`npm run bench -- ${name}\`, ${date}\n\n\`\`\`\n${lines.join('\n').trim()}\n\`\`\`\n\n\`\`\`json\n${figures}\n\`\`\`\n`;
};
const cpu = cpus();
writeFileSync(
  page,
  `# Benchmarks

Written by \`node scripts/write-benchmarks.ts\`. Figures are of one machine on one day: trust the ratios, which compare with a limit that was measured in the same
run, more than the absolute numbers. Repeat any of them with the command above it.

Goals that are not reached: of the reports over 10 million page views, the daily series, the distribution and the bounces stay within 300 ms (p75), a summary takes twice, the comparison and
the list of pages about three times as long. The loader should take 10,000 beacons/s on one core: two runs of this day gave 10,650 and 5,800, one beside another server 7,270 (the second
is below), one of 1,000,000 beacons, in which parts are merged, about 6,000 (it was cut off before it printed). The collector should reach 0.6 of a bare server: 0.56 below, 0.31 to 0.71 in
eight runs of the day. A proxied request should reach 0.75 of a plain proxy: 0.785 and 0.751 by rate in two runs with nothing else on the machine, 0.787 and 0.635 by CPU.

Machine: ${cpu.length} × ${cpu[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB memory, Linux ${release()}, Node ${process.versions.node}.

${Object.entries(BENCHES)
  .map(section)
  .filter((text) => text !== '')
  .join('\n')}`,
);
