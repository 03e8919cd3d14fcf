// One run of the loader bench, in a process of its own that can be bound to a core: engine and loader on the data folder that is
// given, until as many beacons are rows as its `backlog` has, while `rate` more arrive each second (0: none). Writes one JSON object.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLog, systemClock } from '#core';
import { type LoaderOptions, startLoaderWorker } from '#loader';
import { openWarehouse } from '#warehouse';

const [dataDir = '', count = '0', threads = '2', rate = '0'] = process.argv.slice(2);
const beacons = Number(count);
const log = createLog('warn', 2);

const warehouse = await openWarehouse({
  url: '',
  username: '',
  password: '',
  database: 'default',
  cluster: '',
  dataDir,
  memoryBytes: 671_088_640,
  threads: Number(threads),
  log,
});
const { pid } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { pid: number };

const options: LoaderOptions = {
  dataDir,
  usersMap: join(dataDir, 'users-map.yaml'),
  warehouse: { kind: 'embedded', connection: warehouse.connection, cluster: '' },
  archive: { compression: 'zstd', level: 6 },
  windowMs: 1_000,
  roundRows: 20_000,
  insertsPerSecond: 50,
  parallelInserts: 4,
  parallelMigrations: 4,
  keepLoadedMinutes: 60,
  logLevel: 'warn',
  beacons: { geoDatabase: '', pageGroups: [], keepQuery: true, keepUserAgent: true },
};

/** Resident memory (MB) and CPU seconds of a process. */
const usageOf = (id: number): { rss: number; cpu: number } => {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const status = readFileSync(`/proc/${id}/status`, 'utf8');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  return { rss, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
};

mkdirSync(join(dataDir, 'journal'), { recursive: true });
const before = { loader: usageOf(process.pid), engine: usageOf(pid) };
const worker = startLoaderWorker(options, { clock: systemClock, log });
const sum = async (name: string): Promise<number> =>
  (await worker.metricValues())
    .filter((metric) => metric.name === name)
    .flatMap((metric) => metric.values)
    .reduce((total, { value }) => total + value, 0);

// The backlog appears at once in the journal of a loader that runs: as after an outage, and nothing of it is in doubt.
while (worker.status().state !== 'running') await sleep(20);
for (const name of readdirSync(join(dataDir, 'backlog', 'journal')))
  renameSync(join(dataDir, 'backlog', 'journal', name), join(dataDir, 'journal', name));
const arrivals =
  rate === '0'
    ? null
    : spawn(
        process.execPath,
        [fileURLToPath(new URL('arrivals.ts', import.meta.url)), dataDir, rate, 'shop', 'news'],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
const start = performance.now();
let first: { at: number; rows: number; loader: number; engine: number } | null = null;
const memory: { rows: number; loader: number; engine: number }[] = [];
let stored = 0;
const deadline = start + 600_000;
while (stored < beacons && performance.now() < deadline) {
  await sleep(100);
  stored = await sum('rumbrella_beacons_stored_total');
  const now = { loader: usageOf(process.pid), engine: usageOf(pid) };
  if (first === null && stored > 0)
    first = { at: performance.now(), rows: stored, loader: now.loader.cpu, engine: now.engine.cpu };
  memory.push({ rows: stored, loader: now.loader.rss, engine: now.engine.rss });
}
const end = performance.now();
const after = { loader: usageOf(process.pid), engine: usageOf(pid) };
const steadySeconds = (end - (first?.at ?? start)) / 1_000;
const engineFacts = async (): Promise<{ inserts: number; merged: number }> => {
  const result = await warehouse.client.query({
    query: "SELECT event, value FROM system.events WHERE event IN ('InsertQuery', 'MergedRows')",
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const events = new Map(await result.json<[string, number]>());
  return { inserts: events.get('InsertQuery') ?? 0, merged: events.get('MergedRows') ?? 0 };
};
const { inserts, merged } = await engineFacts();
/** How many beacons arrived each second while the backlog was loaded. */
const arrivedPerSecond = async (): Promise<number> => {
  if (arrivals === null) return 0;
  const told = once(arrivals.stdout, 'data');
  arrivals.kill();
  const [text] = (await told) as [Buffer];
  const { appended, seconds } = JSON.parse(text.toString()) as { appended: number; seconds: number };
  return appended / seconds;
};
const arrived = await arrivedPerSecond();
await worker.stop();
await warehouse.stop();

const half = memory.filter(({ rows }) => rows >= beacons / 4);
const grown = (pick: (sample: { loader: number; engine: number }) => number): number =>
  pick(half.at(-1) ?? { loader: 0, engine: 0 }) - pick(half[0] ?? { loader: 0, engine: 0 });
process.stdout.write(
  `${JSON.stringify({
    stored,
    inserts,
    arrivedPerSecond: arrived,
    mergedPerRow: merged / stored,
    seconds: (end - start) / 1_000,
    perSecond: stored / ((end - start) / 1_000),
    steadyPerSecond: (stored - (first?.rows ?? 0)) / steadySeconds,
    steadyLoaderMicros: ((after.loader.cpu - (first?.loader ?? 0)) * 1e6) / (stored - (first?.rows ?? 0)),
    steadyEngineMicros: ((after.engine.cpu - (first?.engine ?? 0)) * 1e6) / (stored - (first?.rows ?? 0)),
    loaderMicros: ((after.loader.cpu - before.loader.cpu) * 1e6) / stored,
    engineMicros: ((after.engine.cpu - before.engine.cpu) * 1e6) / stored,
    togetherPeakMb: Math.max(...memory.map(({ loader, engine }) => loader + engine)),
    loaderPeakMb: Math.max(...memory.map(({ loader }) => loader)),
    enginePeakMb: Math.max(...memory.map(({ engine }) => engine)),
    loaderGrownMb: grown(({ loader }) => loader),
    engineGrownMb: grown(({ engine }) => engine),
  })}\n`,
);
