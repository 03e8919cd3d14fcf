import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog, systemClock } from '#core';
import { type JournalRecord, type JournalWriter, openJournalWriter } from '#journal';
import type { Destination } from '#tenants';
import { createRandom, generatePageView } from '../../src/demo/generator.ts';

/** Beacons are made once and sent again and again with other times: making one costs more than loading it. */
const POOL = 3_000;

/** Beacons of page views of these tenants, in turn, as the collector hands them to the journal. */
export const createPool = (tenants: readonly string[]): readonly JournalRecord[] => {
  const random = createRandom(11);
  const pool: JournalRecord[] = [];
  for (let view = 0; pool.length < POOL; view++) {
    const tenant = tenants[view % tenants.length] ?? '';
    const site = { host: `${tenant}.example`, trace: `trace_${tenant}` };
    for (const beacon of generatePageView(random, { ...site, at: Date.now() }))
      pool.push({
        receivedAt: 0,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not measured
        destination: tenant as Destination,
        trace: site.trace,
        method: beacon.method,
        query: beacon.query,
        body: Buffer.from(beacon.body),
        headers: Object.entries(beacon.headers),
        clientAddress: '192.0.2.0',
        country: 'BG',
        city: '',
      });
  }
  return pool;
};

/** Opens the writer of a data folder's journal. */
export const openBenchWriter = (dataDir: string, sync: 'always' | 'never'): JournalWriter => {
  mkdirSync(join(dataDir, 'journal'), { recursive: true });
  return openJournalWriter({
    folder: join(dataDir, 'journal'),
    sync,
    syncIntervalMs: 200,
    segmentBytes: 67_108_864,
    maxBytes: 0,
    clock: systemClock,
    log: silentLog,
  });
};

/** Fills a journal; returns the bytes of the beacons' bodies. */
export const fillJournal = async (
  dataDir: string,
  pool: readonly JournalRecord[],
  beacons: number,
): Promise<number> => {
  const writer = openBenchWriter(dataDir, 'never');
  let bytes = 0;
  for (let done = 0; done < beacons; done += 1_000) {
    const group: Promise<void>[] = [];
    for (let number = done; number < Math.min(beacons, done + 1_000); number++) {
      const record = pool[number % pool.length];
      if (record === undefined) continue;
      bytes += record.body.length;
      group.push(appendOne(writer, { ...record, receivedAt: Date.now() }));
    }
    await Promise.all(group);
  }
  await writer.stop();
  return bytes;
};

/** Appends one beacon; resolves when it would have been answered with 204. */
export const appendOne = (writer: JournalWriter, record: JournalRecord): Promise<void> =>
  new Promise((resolve, reject) => {
    writer.append(record, (error) => (error === null ? resolve() : reject(error)));
  });

/** Writes a users map with these tenants. */
export const writeUsersMap = (dataDir: string, tenants: readonly string[]): string => {
  const path = join(dataDir, 'users-map.yaml');
  writeFileSync(
    path,
    tenants.map((id) => `- user: { prefix: ${id}, brum_trace: trace_${id}, expire: 2099-01-01 }\n`).join(''),
  );
  return path;
};
