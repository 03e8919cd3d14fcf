import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Durable 204s of 4 KB POST beacons per second on one core, as a ratio to bare `node:http` in the same run; the time to answer
 * at 1,000/s, the median of three runs, since a disk that stops for a second tells nothing of the collector; both with 10,000 tenants. Server on core 0, load on core 1, in short rounds whose order alternates; ratios are the
 * medians of those of each round, since a machine may have another speed a minute later. BENCH_ROUNDS (15), BENCH_SECONDS (0.5).
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 0.5);
const TENANTS = 10_000;

interface Contender {
  readonly name: string;
  readonly tenants: number;
  readonly child: ChildProcess;
  readonly port: string;
  readonly rates: number[];
  readonly cpuMicros: number[];
}

interface Figures {
  readonly rate: number;
  readonly answered: number;
  readonly refused: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const hasTaskset = spawnSync('taskset', ['-V']).status === 0;
const onCore = (core: number, args: readonly string[]): [string, string[]] =>
  hasTaskset ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, [...args]];
const here = (file: string): string => join(import.meta.dirname, 'collector', file);

const startServer = async (name: string, tenants: number, args: readonly string[]): Promise<Contender> => {
  const [command, commandArgs] = onCore(0, args);
  const child = spawn(command, commandArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await firstLine(child);
  return { name, tenants, child, port, rates: [], cpuMicros: [] };
};

const load = async (to: Contender, forSeconds: number, rate = 0): Promise<Figures> => {
  const args = [here('load.ts'), to.port, String(forSeconds), '64', String(rate), String(to.tenants)];
  const [command, commandArgs] = onCore(1, args);
  const child = spawn(command, commandArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await firstLine(child)) as Figures;
};

/** At 1,000/s: the medians of three runs, and the worst time of all. */
const loadSteadily = async (to: Contender): Promise<{ p50: number; p99: number; worst: number }> => {
  const runs: Figures[] = [];
  for (let run = 0; run < 3; run++) runs.push(await load(to, 2, 1_000));
  return {
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
    worst: Math.max(...runs.map(({ max }) => max)),
  };
};

/** What a process says first; an error when it ends before. */
const firstLine = async (child: ChildProcess): Promise<string> => {
  const lines = child.stdout === null ? [] : createInterface({ input: child.stdout });
  for await (const line of lines) return line;
  throw new Error('a process of the bench ended before it said anything');
};

const cpuSeconds = (pid: number | undefined): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const peakMegabytes = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** The median of `over / under`, round by round. */
const ratio = (over: readonly number[], under: readonly number[]): number =>
  median(over.map((value, round) => value / (under[round] ?? Number.NaN)));

const folder = mkdtempSync(join(tmpdir(), 'rumbrella-bench-'));
const contenders: Contender[] = [];
try {
  const collector = here('collector-server.ts');
  contenders.push(
    await startServer('bare node:http', 1, [here('bare-server.ts')]),
    await startServer('collector, fdatasync', 1, [collector, join(folder, 'one'), '1']),
    await startServer(`collector, ${TENANTS} tenants`, TENANTS, [
      collector,
      join(folder, 'many'),
      String(TENANTS),
    ]),
  );
  // The compiler has to have seen all of it, of the short code and of the long.
  for (const contender of contenders) await load(contender, 3);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const before = cpuSeconds(contender.child.pid);
      const figures = await load(contender, seconds);
      refused += figures.refused;
      contender.rates.push(figures.rate);
      contender.cpuMicros.push(((cpuSeconds(contender.child.pid) - before) * 1e6) / figures.answered);
    }
  }
  const [bare, one, many] = contenders as [Contender, Contender, Contender];
  const steady = await loadSteadily(one);
  const steadyMany = await loadSteadily(many);
  const megabytes = Math.max(peakMegabytes(one.child.pid), peakMegabytes(many.child.pid));
  console.table(
    contenders.map(({ name, rates, cpuMicros }) => ({
      server: name,
      'beacons/s': Math.round(median(rates)),
      ratio: round2(ratio(rates, bare.rates)),
      'CPU µs': Number(median(cpuMicros).toFixed(1)),
    })),
  );
  console.log(
    `at 1,000/s: p50 ${steady.p50.toFixed(2)} ms, p99 ${steady.p99.toFixed(2)} ms, worst ${Math.max(steady.worst, steadyMany.worst).toFixed(0)} ms`,
  );
  console.log(
    JSON.stringify({
      ratio_to_bare: round2(ratio(one.rates, bare.rates)),
      ratio_10000_tenants: round2(ratio(many.rates, one.rates)),
      cpu_ratio_to_bare: round2(ratio(one.cpuMicros, bare.cpuMicros)),
      p99_ms_at_1000: round2(steady.p99),
      p50_ms_at_1000: round2(steady.p50),
      p99_ms_at_1000_with_10000_tenants: round2(steadyMany.p99),
      durable_per_second: Math.round(median(one.rates)),
      bare_per_second: Math.round(median(bare.rates)),
      peak_rss_mb: Math.round(megabytes),
      refused,
    }),
  );
} finally {
  for (const { child } of contenders) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
