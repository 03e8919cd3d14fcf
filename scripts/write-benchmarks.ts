import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Figures, goalsTable } from './bench-goals.ts';

/**
 * Runs the benches named as arguments (default: all of `BENCHES`), keeps their output in `bench/results/` and writes `docs/benchmarks.md` from it, so that every
 * figure on the page was printed by a bench on the machine that the page names. What has to be said about them is in `bench/remarks.md`.
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
const remarks = fileURLToPath(new URL('../bench/remarks.md', import.meta.url));
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

interface Result {
  readonly name: string;
  readonly title: string;
  readonly date: string;
  /** What the bench printed before its last line. */
  readonly table: string;
  readonly figures: string;
}

const resultOf = ([name, title]: readonly [string, string]): readonly Result[] => {
  let text: string;
  try {
    text = readFileSync(`${results}${name}.txt`, 'utf8');
  } catch {
    return [];
  }
  const [date = '', ...lines] = text.trimEnd().split('\n');
  const figures = lines.pop() ?? '';
  return [{ name, title, date, table: lines.join('\n').trim(), figures }];
};

const section = ({ name, title, date, table, figures }: Result): string =>
  `## ${title}\n\n\`npm run bench -- ${name}\`, ${date}\n\n\`\`\`\n${table}\n\`\`\`\n\n\`\`\`json\n${figures}\n\`\`\`\n`;

const printed = Object.entries(BENCHES).flatMap(resultOf);
const cpu = cpus();
writeFileSync(
  page,
  `# Benchmarks

Written by \`node scripts/write-benchmarks.ts\`. Figures are of one machine on one day: trust the ratios, which compare with a limit that was measured in the same
run, more than the absolute numbers. Repeat any of them with the command above it.

${goalsTable(new Map(printed.map(({ name, figures }) => [name, JSON.parse(figures) as Figures])))}

${readFileSync(remarks, 'utf8').trim()}

Machine: ${cpu.length} × ${cpu[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB memory, Linux ${release()}, Node ${process.versions.node}.

${printed.map(section).join('\n')}`,
);
