import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog, createMetrics, type Log, silentLog, systemClock } from '#core';
import type { JournalRecord } from '#journal';
import { type LoaderOptions, type Rounds, startLoader } from '#loader';
import { openWarehouse, type Warehouse } from '#warehouse';
import { encodeEventRow } from './event-rows.ts';
import { append, beaconOf, markerOf, openWriter } from './loader-world.ts';

const PROGRAM = fileURLToPath(new URL('../fault/loader-program.ts', import.meta.url));

/** The embedded engine in a folder of its own. */
export const openEngine = async (): Promise<{
  readonly warehouse: Warehouse;
  /** Where the engine says which process it is. */
  readonly file: string;
  stop(): Promise<void>;
}> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-engine-'));
  const warehouse = await openWarehouse({
    url: '',
    username: '',
    password: '',
    database: 'default',
    cluster: '',
    dataDir,
    memoryBytes: 671_088_640,
    threads: 2,
    log: silentLog,
  });
  return {
    warehouse,
    file: join(dataDir, 'engine.json'),
    stop: async () => {
      await warehouse.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** A data folder with a users map, a journal that the test writes, and what loaders made of it. */
export const createPlace = (
  warehouse: Warehouse,
  tenants: readonly string[],
  tuning?: LoaderOptions['tuning'],
) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-place-'));
  const usersMap = join(dataDir, 'users-map.yaml');
  const writeMap = (ids: readonly string[]): void =>
    writeFileSync(
      usersMap,
      ids.map((id) => `- user: { prefix: ${id}, brum_trace: trace_${id}, expire: 2099-01-01 }\n`).join(''),
    );
  writeMap(tenants);
  mkdirSync(join(dataDir, 'journal'));
  const writer = openWriter(join(dataDir, 'journal'), 60_000);
  const sent = new Map<string, string[]>();
  const children: ChildProcess[] = [];
  const loaders: Rounds[] = [];
  let number = 0;

  const options = (url = warehouse.connection.url): LoaderOptions => ({
    dataDir,
    usersMap,
    warehouse: { kind: 'embedded', connection: { ...warehouse.connection, url }, cluster: '' },
    archive: { compression: 'none', level: 1 },
    windowMs: 50,
    roundRows: 200,
    insertsPerSecond: 1_000,
    parallelInserts: 4,
    parallelMigrations: 2,
    keepLoadedMinutes: 0,
    logLevel: process.env['TEST_LOG'] === undefined ? 'silent' : 'debug',
    beacons: { geoDatabase: 'off', pageGroups: [], keepQuery: true, keepUserAgent: true },
    tuning: { lookEveryMs: 100, housekeepingMs: 50, pollMs: 10, firstProbePauseMs: 50, ...tuning },
  });

  /** Sends beacons; resolves when they are in the journal. */
  const send = async (
    destination: string,
    count: number,
    more: { readonly tag?: string; readonly record?: Partial<JournalRecord> } = {},
  ): Promise<void> => {
    const markers = Array.from({ length: count }, () => `${destination}-${more.tag ?? 'b'}-${number++}`);
    await Promise.all(markers.map((marker) => append(writer, beaconOf(destination, marker, more.record))));
    sent.set(destination, [...(sent.get(destination) ?? []), ...markers]);
  };

  /** From now on the tenant's table refuses beacons with `poison` in their marker. */
  const refusePoison = async (tenant: string): Promise<void> => {
    await warehouse.client.command({
      query: `ALTER TABLE ${tenant}_webperf_rum_events ADD CONSTRAINT no_poison CHECK position(page_id, 'poison') = 0`,
    });
  };

  const stored = async (tenant: string): Promise<string[]> => {
    const result = await warehouse.client.query({
      query: `SELECT page_id FROM ${tenant}_webperf_rum_events ORDER BY page_id`,
      format: 'JSONCompactEachRow',
    });
    return (await result.json<[string]>()).map(([marker]) => marker);
  };

  const linesOf = (pattern: string): unknown[] =>
    globSync(pattern, { cwd: dataDir }).flatMap((path) =>
      readFileSync(join(dataDir, path), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
    );

  return {
    dataDir,
    sent,
    send,
    stored,
    refusePoison,
    writeMap,
    options,
    expected: (destination: string): string[] => (sent.get(destination) ?? []).toSorted(),
    archived: (folder: string): string[] =>
      linesOf(`archive/${folder}/**/*.json.lines`)
        .map((line) => (line as { id: string }).id)
        .toSorted(),
    quarantined: (): string[] =>
      linesOf('quarantine/**/*.json.lines')
        .map((line) => {
          const { body_base64 } = line as { body_base64: string };
          return markerOf(beaconOf('', '', { body: Buffer.from(body_base64, 'base64') }));
        })
        .toSorted(),
    /** Starts a loader as a process; it ends itself at a step when asked to. */
    spawnLoader: (env: Readonly<Record<string, string>> = {}): ChildProcess => {
      const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options())], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      if (process.env['TEST_LOG'] !== undefined) child.stderr?.pipe(process.stderr, { end: false });
      children.push(child);
      return child;
    },
    /** Starts a loader in this process. */
    startLoader: async (url?: string, log?: Log): Promise<Rounds> => {
      const loader = await startLoader(options(url), {
        clock: systemClock,
        log: log ?? (process.env['TEST_LOG'] === undefined ? silentLog : createLog('debug', 2)),
        metrics: createMetrics(),
        encode: encodeEventRow,
        isHeld: async () => true,
      });
      loaders.push(loader);
      return loader;
    },
    stop: async (): Promise<void> => {
      await Promise.all(loaders.map((loader) => loader.stop()));
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await writer.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** See `createPlace`. */
export type Place = ReturnType<typeof createPlace>;
