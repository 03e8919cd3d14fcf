import { mkdtempSync, rmSync, writeSync, openSync, closeSync, fdatasyncSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock } from '#core';
import {
  type Cursor,
  type JournalRecord,
  openJournalReader,
  openJournalWriter,
  type SyncPolicy,
} from '#journal';
import type { Destination } from '#tenants';

/**
 * The journal alone: records of 4 KB per second with 64 outstanding appends, for each sync policy, as a ratio to plain `write` (and
 * `fdatasync`) of the same bytes in groups of the same size; and records per second read back. BENCH_SECONDS (1.5) per run.
 */
const seconds = Number(process.env['BENCH_SECONDS'] ?? 1.5);
const OUTSTANDING = 64;
const ROUNDS = 3;

const body = Buffer.alloc(4_096, 'u=https%3A%2F%2Ffashion.bg%2F&nt_nav_st=1780000000000&');
const record: JournalRecord = {
  receivedAt: 1_780_000_000_000,
  destination: 'fashion_bg' as Destination,
  trace: 'BY83kR5MS5PM',
  method: 'POST',
  query: 'brum_trace=BY83kR5MS5PM',
  body,
  headers: [
    [
      'user-agent',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0',
    ],
    ['accept-language', 'bg,en;q=0.9'],
    ['referer', 'https://fashion.bg/dresses/'],
    ['origin', 'https://fashion.bg'],
  ],
  clientAddress: '203.0.113.0',
  country: 'BG',
  city: 'Sofia',
};

const folder = mkdtempSync(join(tmpdir(), 'rumbrella-bench-'));

const append = async (name: string, sync: SyncPolicy): Promise<number> => {
  const writer = openJournalWriter({
    folder: join(folder, name),
    sync,
    syncIntervalMs: 200,
    segmentBytes: 67_108_864,
    maxBytes: 0,
    clock: systemClock,
    log: silentLog,
  });
  let records = 0;
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  await new Promise<void>((resolve, reject) => {
    let running = OUTSTANDING;
    const next = (error: Error | null): void => {
      if (error !== null) return reject(error);
      records += 1;
      if (performance.now() < end) writer.append(record, next);
      else if (--running === 0) resolve();
    };
    for (let n = 0; n < OUTSTANDING; n++) writer.append(record, next);
  });
  const rate = (records / (performance.now() - begin)) * 1_000;
  await writer.stop();
  return rate;
};

const writePlainly = (name: string, isSynced: boolean): number => {
  const file = openSync(join(folder, name), 'wx');
  const group = Buffer.alloc(OUTSTANDING * 4_450, 'x');
  let groups = 0;
  const begin = performance.now();
  while (performance.now() < begin + seconds * 500) {
    writeSync(file, group);
    if (isSynced) fdatasyncSync(file);
    groups += 1;
  }
  closeSync(file);
  return ((groups * OUTSTANDING) / (performance.now() - begin)) * 1_000;
};

const readBack = async (name: string): Promise<number> => {
  const reader = openJournalReader({ folder: join(folder, name), log: silentLog });
  let cursor: Cursor = {};
  let records = 0;
  const begin = performance.now();
  while (performance.now() < begin + seconds * 1_000) {
    const range = await reader.read(cursor, { maxEntries: 20_000, maxBytes: 64_000_000 });
    if (range.entries.length === 0) break;
    records += range.entries.length;
    cursor = range.cursor;
  }
  return (records / (performance.now() - begin)) * 1_000;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  const results = { always: [], interval: [], never: [], plain: [], plainSynced: [], read: [] } as Record<
    'always' | 'interval' | 'never' | 'plain' | 'plainSynced' | 'read',
    number[]
  >;
  for (let round = 0; round < ROUNDS; round++) {
    for (const sync of ['always', 'interval', 'never'] as const)
      results[sync].push(await append(`${sync}${round}`, sync));
    results.plain.push(writePlainly(`plain${round}`, false));
    results.plainSynced.push(writePlainly(`synced${round}`, true));
    results.read.push(await readBack(`always${round}`));
    for (const name of ['always', 'interval', 'never', 'plain', 'synced'])
      rmSync(join(folder, `${name}${round}`), { recursive: true });
  }
  console.table(
    Object.entries(results).map(([name, rates]) => ({ what: name, 'records/s': Math.round(median(rates)) })),
  );
  const ratio = (value: number): number => Math.round(value * 100) / 100;
  console.log(
    JSON.stringify({
      always_to_plain_synced: ratio(median(results.always) / median(results.plainSynced)),
      never_to_plain: ratio(median(results.never) / median(results.plain)),
      always_per_second: Math.round(median(results.always)),
      interval_per_second: Math.round(median(results.interval)),
      never_per_second: Math.round(median(results.never)),
      read_per_second: Math.round(median(results.read)),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
