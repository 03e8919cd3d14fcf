import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openControlDatabase } from '../../src/control-database.ts';
import { runReplay } from '../../src/commands/run-replay.ts';
import { loadConfig } from '#config';
import { createMetrics, silentLog, systemClock } from '#core';
import { type JournalRecord, openCheckpoint, openJournalReader } from '#journal';
import { openBeaconEncoder, parseState, type Rounds, startLoader } from '#loader';
import type { ReplayCommandOptions } from '../../src/commands/replay.ts';
import { openWarehouse, type Warehouse } from '#warehouse';
import { append, openWriter } from './loader-world.ts';
import { poll } from './poll.ts';

/** What a replay reports as JSON. */
export interface JsonReport {
  readonly read: number;
  readonly tenants: Readonly<
    Record<string, { inserted: number; existing: number; refused: number; quarantined: number }>
  >;
  readonly left: Readonly<Record<string, number>>;
  readonly badLines: number;
}

/** A whole data folder with an engine, a journal that the test writes, loaders, and the command `replay`. */
export interface ReplayPlace {
  readonly dataDir: string;
  readonly warehouse: Warehouse;
  /** Entries as `<prefix> <trace> <expire>`; one of the same prefix is replaced. */
  addTenants(...entries: readonly string[]): void;
  send(records: readonly JournalRecord[]): Promise<void>;
  /** Loads until nothing is pending, closes the days that are over, and stops. */
  load(): Promise<void>;
  startLoader(): Promise<Rounds>;
  /** Rows without the batch id, by position. */
  rows(tenant: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Removes all rows. */
  empty(tenant: string): Promise<void>;
  replay(options: ReplayCommandOptions): Promise<JsonReport>;
  stop(): Promise<void>;
}

/** Opens a place with an embedded engine. */
export const openReplayPlace = async (): Promise<ReplayPlace> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-replay-'));
  const usersMap = join(dataDir, 'users-map.yaml');
  const config = loadConfig({
    overrides: { data_dir: dataDir, users_map: usersMap, log_level: 'warn', 'loader.geo_database': 'off' },
  });
  const warehouse = await openWarehouse({
    ...config.clickhouse,
    dataDir,
    memoryBytes: 671_088_640,
    threads: 2,
    log: silentLog,
  });
  const users = new Map<string, string>();
  const writer = openWriter(join(dataDir, 'journal'));

  const startOne = async (): Promise<Rounds> => {
    const metrics = createMetrics();
    const encoder = await openBeaconEncoder(config.loader, { clock: systemClock, log: silentLog, metrics });
    return startLoader(
      {
        dataDir,
        usersMap,
        warehouse: { kind: 'embedded', connection: warehouse.connection, cluster: '' },
        archive: { compression: 'zstd', level: 3 },
        windowMs: 50,
        roundRows: 500,
        insertsPerSecond: 1_000,
        parallelInserts: 2,
        parallelMigrations: 2,
        keepLoadedMinutes: 60,
        logLevel: 'silent',
        beacons: config.loader,
        tuning: { lookEveryMs: 100, housekeepingMs: 50, pollMs: 10, closeDaysEveryMs: 100 },
      },
      {
        clock: systemClock,
        log: silentLog,
        metrics,
        encode: encoder.encode,
        isHeld: () => Promise.resolve(true),
      },
    );
  };

  const isLoaded = async (): Promise<boolean> => {
    const found = await openCheckpoint(join(dataDir, 'loader.checkpoint'), parseState).load();
    const segments = await openJournalReader({ folder: join(dataDir, 'journal'), log: silentLog }).segments();
    return (
      found.kind === 'found' &&
      segments.every(({ segment, bytes }) => (found.value.cursor[segment] ?? 0) >= bytes)
    );
  };

  const select = async (query: string): Promise<Record<string, unknown>[]> => {
    const result = await warehouse.client.query({ query, format: 'JSONEachRow' });
    return await result.json();
  };

  return {
    dataDir,
    warehouse,
    addTenants: (...entries) => {
      for (const entry of entries) {
        const [prefix = '', trace, expire] = entry.split(' ');
        users.set(prefix, `- user: { prefix: ${prefix}, brum_trace: ${trace}, expire: ${expire} }\n`);
      }
      writeFileSync(usersMap, [...users.values()].join(''));
    },
    send: async (records) => {
      await Promise.all(records.map((record) => append(writer, record)));
    },
    load: async () => {
      const loader = await startOne();
      await poll('the journal to be loaded', isLoaded);
      await poll(
        'the days that are over to be closed',
        () => openDays(join(dataDir, 'archive')).length === 0,
      );
      await loader.stop();
    },
    startLoader: startOne,
    rows: (tenant) =>
      select(
        `SELECT * EXCEPT (batch_id) FROM ${tenant}_webperf_rum_events ORDER BY journal_segment, journal_offset`,
      ),
    empty: async (tenant) => {
      await warehouse.client.command({ query: `TRUNCATE TABLE ${tenant}_webperf_rum_events` });
    },
    replay: async (options) => {
      let out = '';
      await runReplay(
        { ...options, json: true },
        {
          config: () => config,
          openDatabase: () => openControlDatabase(config),
          out: (text) => {
            out += text;
          },
        },
      );
      return JSON.parse(out) as JsonReport;
    },
    stop: async () => {
      await writer.stop();
      await warehouse.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** Folders of days before today, closing or not. */
const openDays = (archive: string): string[] => {
  const now = new Date();
  const today = `${now.getUTCFullYear()}-${now.getUTCMonth() + 1}-${now.getUTCDate()}`;
  return globSync('*/*-*-*/', { cwd: archive }).filter((path) => !path.split('/')[1]?.startsWith(today));
};
