import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { createLog, systemClock } from '#core';
import { startLoaderWorker } from '#loader';
import { openWarehouse } from '#warehouse';
import { appendOne, createPool, openBenchWriter, writeUsersMap } from './loader/journal.ts';

// From the moment at which a beacon would be answered with 204 to the first query that sees its row. Beacons of one organization arrive at
// a steady rate; the table is asked all the time. Goal: p99 at most 3 s at 200/s.
// `npm run bench -- freshness [beacons per second] [seconds]`.

const RATE = Number(process.argv[2] ?? 200);
const SECONDS = Number(process.argv[3] ?? 20);
const TENANT = 'shop';
const POLL_MS = 25;

const dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-bench-'));
const log = createLog('warn', 2);
const warehouse = await openWarehouse({
  url: '',
  username: '',
  password: '',
  database: 'default',
  cluster: '',
  dataDir,
  memoryBytes: 671_088_640,
  threads: 2,
  log,
});
const writer = openBenchWriter(dataDir, 'always');
const worker = startLoaderWorker(
  {
    dataDir,
    usersMap: writeUsersMap(dataDir, [TENANT]),
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
  },
  { clock: systemClock, log },
);

const count = async (): Promise<number> => {
  const result = await warehouse.client.query({
    query: `SELECT count() AS rows FROM ${TENANT}_webperf_rum_events`,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await result.json<[number]>();
  return row?.[0] ?? 0;
};

/** When the n-th beacon was durable. Rows come in the order of the journal, so the n-th row is the n-th beacon's. */
const durable: number[] = [];
const fresh: number[] = [];

const pool = createPool([TENANT]);
const send = async (number: number): Promise<void> => {
  const record = pool[number % pool.length];
  if (record === undefined) return;
  await appendOne(writer, { ...record, receivedAt: Date.now() });
  durable.push(performance.now());
};

/** Sends at the rate, whatever else goes on. */
const sendAll = async (total: number): Promise<void> => {
  const start = performance.now();
  const pending: Promise<void>[] = [];
  for (let number = 0; number < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * RATE) + 1);
    for (; number < due; number++) pending.push(send(number));
    await sleep(2);
  }
  await Promise.all(pending);
};

const observe = async (total: number): Promise<void> => {
  while (fresh.length < total) {
    const visible = await count();
    const now = performance.now();
    while (fresh.length < visible) fresh.push(now - (durable[fresh.length] ?? now));
    await sleep(POLL_MS);
  }
};

// The first beacon makes the table; it is not counted.
await send(0);
while ((await count().catch(() => 0)) === 0) await sleep(50);
fresh.push(0);
const total = RATE * SECONDS;
await Promise.all([sendAll(total - 1), observe(total)]);
await worker.stop();
await writer.stop();
await warehouse.stop();
rmSync(dataDir, { recursive: true, force: true });

const sorted = fresh.slice(1).toSorted((a, b) => a - b);
const at = (share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const table = new Table({ head: ['beacons/s', 'beacons', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'] });
table.push([RATE, sorted.length, ...[0.5, 0.9, 0.99, 1].map((share) => at(share).toFixed(0))]);
process.stdout.write(`${table.toString()}\n`);
process.stdout.write(
  `${JSON.stringify({
    p99_to_goal: at(0.99) / 3_000,
    rate: RATE,
    beacons: sorted.length,
    p50_ms: Math.round(at(0.5)),
    p99_ms: Math.round(at(0.99)),
    max_ms: Math.round(at(1)),
  })}\n`,
);
