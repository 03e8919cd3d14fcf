import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { createPool, fillJournal, writeUsersMap } from './loader/journal.ts';

// From the journal to rows and archive, end to end, with the embedded engine: beacons of page views as browsers send them (load beacons
// of 5 KB, quit beacons of 1 KB). Goals: 10,000/s on one core; memory flat with a backlog.
// "One core": the process of the loader with all its threads, and the engine with all of its (inserts and merges), are bound to one core
// together. "While 2,000/s arrive": both cores, and another process goes on appending durably meanwhile. `steady` begins with the first row that is stored: without the start of both and most of the warming up. The µs are CPU
// time a beacon, behind the first row as well: they can be compared when other work disturbs the clock.
// `npm run bench -- loader [beacons]`; the long form is 1000000.

const BEACONS = Number(process.argv[2] ?? 120_000);
const ARRIVING = 2_000;
const TENANTS = ['shop', 'news'] as const;

interface Result {
  readonly stored: number;
  readonly inserts: number;
  readonly arrivedPerSecond: number;
  readonly mergedPerRow: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly steadyPerSecond: number;
  readonly loaderMicros: number;
  readonly engineMicros: number;
  readonly steadyLoaderMicros: number;
  readonly steadyEngineMicros: number;
  /** Both at the same time; their own peaks need not be at once. */
  readonly togetherPeakMb: number;
  readonly loaderPeakMb: number;
  readonly enginePeakMb: number;
  readonly loaderGrownMb: number;
  readonly engineGrownMb: number;
}

const runOn = async (
  cores: readonly number[] | null,
  arriving = 0,
): Promise<Result & { bodyBytes: number }> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-bench-'));
  try {
    writeUsersMap(dataDir, TENANTS);
    const bytes = await fillJournal(join(dataDir, 'backlog'), createPool(TENANTS), BEACONS);
    const program = fileURLToPath(new URL('./loader/run.ts', import.meta.url));
    const call = [
      process.execPath,
      program,
      dataDir,
      String(BEACONS),
      String(cores?.length ?? 2),
      String(arriving),
    ];
    const bound = cores === null ? call : ['taskset', '-c', cores.join(','), ...call];
    const [command = '', ...rest] = bound;
    const { stdout, status } = spawnSync(command, rest, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`the run ended with ${status}`);
    return { ...(JSON.parse(stdout) as Result), bodyBytes: bytes / BEACONS };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const one = await runOn([0]);
const free = await runOn(null);
const busy = await runOn(null, ARRIVING);

const table = new Table({
  head: ['', 'beacons/s', 'steady/s', 'loader µs', 'engine µs', 'loader MB (grown)', 'engine MB (grown)'],
});
const row = (name: string, result: Result): void => {
  table.push([
    name,
    result.perSecond.toFixed(0),
    result.steadyPerSecond.toFixed(0),
    result.steadyLoaderMicros.toFixed(1),
    result.steadyEngineMicros.toFixed(1),
    `${result.loaderPeakMb.toFixed(0)} (${result.loaderGrownMb.toFixed(0)})`,
    `${result.enginePeakMb.toFixed(0)} (${result.engineGrownMb.toFixed(0)})`,
  ]);
};
row('one core', one);
row('all cores', free);
row(`while ${busy.arrivedPerSecond.toFixed(0)}/s arrive`, busy);
process.stdout.write(
  `${BEACONS} beacons, mean body ${one.bodyBytes.toFixed(0)} bytes\n${table.toString()}\n`,
);
process.stdout.write(
  `${JSON.stringify({
    one_core_to_goal: one.steadyPerSecond / 10_000,
    loaded_to_arriving: busy.steadyPerSecond / busy.arrivedPerSecond,
    two_cores_to_one: free.steadyPerSecond / one.steadyPerSecond,
    beacons: BEACONS,
    mean_body_bytes: Math.round(one.bodyBytes),
    one_core_per_second: Math.round(one.steadyPerSecond),
    one_core_per_second_with_start: Math.round(one.perSecond),
    all_cores_per_second: Math.round(free.steadyPerSecond),
    while_arriving_per_second: Math.round(busy.steadyPerSecond),
    arriving_per_second: Math.round(busy.arrivedPerSecond),
    loader_cpu_us: Math.round(one.steadyLoaderMicros * 10) / 10,
    engine_cpu_us: Math.round(one.steadyEngineMicros * 10) / 10,
    loader_cpu_us_with_start: Math.round(one.loaderMicros * 10) / 10,
    engine_cpu_us_with_start: Math.round(one.engineMicros * 10) / 10,
    together_peak_mb: Math.round(Math.max(one.togetherPeakMb, free.togetherPeakMb)),
    loader_peak_mb: Math.round(Math.max(one.loaderPeakMb, free.loaderPeakMb)),
    engine_peak_mb: Math.round(Math.max(one.enginePeakMb, free.enginePeakMb)),
    inserts: free.inserts,
    rows_merged_per_row: Math.round(free.mergedPerRow * 10) / 10,
    loader_grown_mb: Math.round(free.loaderGrownMb),
    engine_grown_mb: Math.round(free.engineGrownMb),
  })}\n`,
);
