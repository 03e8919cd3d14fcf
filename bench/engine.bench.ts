import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { silentLog } from '#core';
import { EVENT_COLUMNS, openWarehouse, type Warehouse } from '#warehouse';

// Inserts of the events table's columns through HTTP into the embedded engine, by format and batch size: rows per
// second, the engine's CPU per row and its memory. `npm run bench -- engine [seconds per case]`.

const SECONDS = Number(process.argv[2] ?? 1.5);
const BATCHES = [1_000, 5_000, 20_000] as const;
const FORMATS = ['RowBinary', 'Native', 'TabSeparated', 'JSONCompactEachRow', 'JSONEachRow'] as const;
const MONTH = '2026-11-';

const main = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-bench-'));
  const startedAt = performance.now();
  const warehouse = await openWarehouse({
    url: '',
    username: '',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: 640 * 2 ** 20,
    threads: 2,
    log: silentLog,
  });
  const startMs = performance.now() - startedAt;
  try {
    await run(warehouse, folder, startMs);
  } finally {
    await warehouse.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const run = async (warehouse: Warehouse, folder: string, startMs: number): Promise<void> => {
  const { client } = warehouse;
  const pid = (JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')) as { pid: number }).pid;
  const rssAtStart = memoryOf(pid).rss;
  const columns = EVENT_COLUMNS.map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
  const layout =
    'ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY (hostname, event_date, toStartOfHour(received_at)) ' +
    'SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728';
  await client.command({ query: `CREATE TABLE target (${columns}) ${layout}` });
  const names = EVENT_COLUMNS.map(({ name }) => `\`${name}\``).join(', ');
  const values = EVENT_COLUMNS.map(({ name, type }, index) => `${valueOf(name, type, index)} AS \`${name}\``);
  await client.command({
    query: `CREATE TABLE source (${columns}) ENGINE = MergeTree ORDER BY journal_offset`,
  });
  for (let from = 0; from < 20_000; from += 5_000) {
    await client.command({
      query: `INSERT INTO source SELECT ${values.join(', ')} FROM numbers(${from}, 5000)`,
    });
  }
  const selectMs = await medianMs(() => select(client, 'SELECT 1', 'JSONEachRow'), 1_000);

  const cases: Case[] = [];
  for (const rows of BATCHES) {
    for (const format of FORMATS) {
      const payload = await select(client, `SELECT ${names} FROM source LIMIT ${rows}`, format);
      const query = `INSERT INTO target (${names}) FORMAT ${format}`;
      const cpuBefore = cpuOf(pid);
      const times = await repeat(() => insert(client, query, payload), SECONDS * 1_000);
      const total = times.length * rows;
      cases.push({
        rows,
        format,
        bytesPerRow: payload.length / rows,
        rowsPerSecond: rows / (median(times) / 1_000),
        medianMs: median(times),
        cpuPerRow: ((cpuOf(pid) - cpuBefore) * 1e6) / total,
        rss: memoryOf(pid).rss,
      });
      await client.command({ query: 'TRUNCATE TABLE target' });
    }
  }
  print(cases);
  const { rss, peak } = memoryOf(pid);
  const of = (format: string, rows: number): Case =>
    cases.find((one) => one.format === format && one.rows === rows) as Case;
  process.stdout.write(
    `start ${startMs.toFixed(0)} ms, select 1 ${selectMs.toFixed(1)} ms, memory ${mib(rssAtStart)} MiB at start, `,
  );
  process.stdout.write(`${mib(rss)} MiB now, ${mib(peak)} MiB at most\n`);
  process.stdout.write(
    `${JSON.stringify({
      native_to_row_binary_20k: ratio(of('Native', 20_000), of('RowBinary', 20_000)),
      row_binary_to_tab_separated_20k: ratio(of('RowBinary', 20_000), of('TabSeparated', 20_000)),
      row_binary_rows_per_s_5k: Math.round(of('RowBinary', 5_000).rowsPerSecond),
      row_binary_rows_per_s_20k: Math.round(of('RowBinary', 20_000).rowsPerSecond),
      native_rows_per_s_5k: Math.round(of('Native', 5_000).rowsPerSecond),
      native_rows_per_s_20k: Math.round(of('Native', 20_000).rowsPerSecond),
      start_ms: Math.round(startMs),
      select_1_ms: Number(selectMs.toFixed(2)),
      rss_peak_mib: mib(peak),
    })}\n`,
  );
};

interface Case {
  readonly rows: number;
  readonly format: string;
  readonly bytesPerRow: number;
  readonly rowsPerSecond: number;
  readonly medianMs: number;
  readonly cpuPerRow: number;
  readonly rss: number;
}

const ratio = (a: Case, b: Case): number => Number((a.rowsPerSecond / b.rowsPerSecond).toFixed(2));
const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);

const print = (cases: readonly Case[]): void => {
  process.stdout.write('  rows format              B/row   ms/batch   rows/s  CPU us/row  RSS MiB\n');
  for (const one of cases) {
    process.stdout.write(
      `${String(one.rows).padStart(6)} ${one.format.padEnd(18)} ${one.bytesPerRow.toFixed(0).padStart(6)} ` +
        `${one.medianMs.toFixed(1).padStart(10)} ${one.rowsPerSecond.toFixed(0).padStart(8)} ` +
        `${one.cpuPerRow.toFixed(1).padStart(11)} ${String(mib(one.rss)).padStart(8)}\n`,
    );
  }
};

const insert = async (client: ClickHouseClient, query: string, payload: Buffer): Promise<void> => {
  const result = await client.exec({ query, values: Readable.from([payload], { objectMode: false }) });
  result.stream.resume();
};

const select = async (client: ClickHouseClient, query: string, format: string): Promise<Buffer> => {
  const result = await client.exec({ query: `${query} FORMAT ${format}` });
  const chunks: Buffer[] = [];
  for await (const chunk of result.stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const repeat = async (work: () => Promise<unknown>, forMs: number): Promise<number[]> => {
  await work();
  const times: number[] = [];
  const end = performance.now() + forMs;
  do {
    const at = performance.now();
    await work();
    times.push(performance.now() - at);
  } while (performance.now() < end);
  return times;
};

const medianMs = async (work: () => Promise<unknown>, forMs: number): Promise<number> =>
  median(await repeat(work, forMs));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** User and system time of a process, seconds. */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const memoryOf = (pid: number): { readonly rss: number; readonly peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    Number(
      status
        .split('\n')
        .find((line) => line.startsWith(`${name}:`))
        ?.match(/\d+/)?.[0] ?? 0,
    ) * 1024;
  return { rss: of('VmRSS'), peak: of('VmHWM') };
};

/** A realistic value of each column: most measurements are missing in most beacons, labels repeat. */
const valueOf = (name: string, type: string, index: number): string => {
  const random = `rand(${index})`;
  if (name === 'journal_offset') return 'number * 2000';
  if (name === 'received_at') return `toDateTime64('${MONTH}15 12:00:00', 3, 'UTC') + number % 3600`;
  if (name === 'event_date') return `toDate('${MONTH}15')`;
  if (type.startsWith('Array')) return `[]::${type}`;
  if (type.startsWith('Map'))
    return `${index % 2 ? 'map()' : "map('a', 1)"}::${type}`.replace('map()', `map()`);
  if (type === 'LowCardinality(String)') return `concat('value-', toString(${random} % 12))`;
  if (type === 'LowCardinality(Nullable(String))' || type === 'Nullable(String)') {
    return `if(${random} % 10 < 7, NULL, concat('main > div.', toString(${random} % 100)))`;
  }
  if (type === 'String') {
    return index % 3
      ? `if(${random} % 2 = 0, '', toString(${random} % 1000))`
      : `concat('https://shop.example/p/', toString(${random}))`;
  }
  if (type.startsWith('Nullable(Date')) return 'NULL';
  if (type.startsWith('Nullable')) return `if(${random} % 10 < 4, NULL, ${random} % 200)`;
  if (type.startsWith('DateTime')) return `toDateTime('${MONTH}15 12:00:00', 'UTC')`;
  if (type === 'Bool') return `${random} % 2 = 0`;
  return `${random} % 200`;
};

await main();
