import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import {
  noReplayState,
  openReplayState,
  replay,
  type ReplayOptions,
  type ReplayProgress,
  type ReplayReport,
  type ReplaySink,
  type ReplayState,
} from '#archive';
import { type Clock, createLifecycle, createMetrics, type Lifecycle, type Log } from '#core';
import { lockFolder } from '#journal';
import {
  type BeaconOptions,
  createGate,
  createHostnameWriter,
  createInsertBudget,
  createSettle,
  createTablesPort,
  createWarehousePort,
  openBeaconEncoder,
  openQuarantine,
} from '#loader';
import type { TenantRegistry } from '#tenants';
import { createTenantTables } from '#warehouse';
import { openLoaderProgress } from './loader-progress.ts';
import { createReplaySink } from './replay-sink.ts';

/** What a replay takes from the configuration: plain data. */
export interface ReplaySettings {
  readonly dataDir: string;
  readonly beacons: BeaconOptions;
  readonly insertsPerSecond: number;
  readonly parallelMigrations: number;
}

/** What a replay runs with. */
export interface ReplayRunDeps {
  readonly registry: TenantRegistry;
  readonly warehouse: {
    readonly client: ClickHouseClient;
    readonly kind: 'embedded' | 'server';
    readonly cluster: string;
  };
  readonly clock: Clock;
  readonly log: Log;
  readonly onProgress: (progress: ReplayProgress) => void;
  /** Begin anew instead of going on where an interrupted replay of the same kind ended. */
  readonly restart?: boolean;
}

/**
 * Brings archived beacons into the tables by the loader's own way. One replay of a data folder inserts at a time, in whatever process; counting
 * may be done beside it. Errors: `JOURNAL_LOCKED` (another one runs), `REPLAY_TAKEN_OVER` (another one took this one for dead, and nothing was inserted since), `REPLAY_FAILED`, those of the warehouse.
 */
export const runReplayInto = async (
  options: ReplayOptions,
  settings: ReplaySettings,
  deps: ReplayRunDeps,
  signal: AbortSignal,
): Promise<ReplayReport> => {
  const { registry, clock, log, onProgress } = deps;
  const lifecycle = createLifecycle(log);
  try {
    const lock = options.dryRun ? null : await lockFolder(join(settings.dataDir, 'replay'), 'replay');
    if (lock !== null) lifecycle.add('lock', { stop: () => lock.release() });
    const isHeld = async (): Promise<boolean> => lock === null || (await lock.isHeld());
    const snapshot = registry.current();
    const state = await openState(options, settings, snapshot.version, deps.restart === true);
    const sink = await openSink(settings, deps, isHeld, lifecycle, signal);
    return await replay(options, { snapshot, sink, state, clock, log, onProgress }, signal);
  } finally {
    await lifecycle.stop();
  }
};

const openState = async (
  { ratePerSecond: _rate, dryRun, ...question }: ReplayOptions,
  { dataDir }: ReplaySettings,
  mapVersion: string,
  restart: boolean,
): Promise<ReplayState> => {
  if (dryRun) return noReplayState;
  const state = await openReplayState(join(dataDir, 'replay'), { ...question, mapVersion });
  if (!restart) return state;
  await state.remove();
  return await openReplayState(join(dataDir, 'replay'), { ...question, mapVersion });
};

const openSink = async (
  settings: ReplaySettings,
  { registry, warehouse: { client, cluster, kind }, clock, log }: ReplayRunDeps,
  isHeld: () => Promise<boolean>,
  lifecycle: Lifecycle,
  signal: AbortSignal,
): Promise<ReplaySink> => {
  const metrics = createMetrics();
  const { dataDir, parallelMigrations: parallel } = settings;
  const tenantTables = lifecycle.add(
    'tables',
    createTenantTables({ client, registry, log, metrics, clock, parallel, cluster }),
  );
  const warehouse = createWarehousePort(client, cluster);
  const tables = createTablesPort(tenantTables, registry, clock);
  const encoder = lifecycle.add(
    'encoder',
    await openBeaconEncoder(settings.beacons, { log, metrics, clock }),
  );
  const hostnames = lifecycle.add('hostnames', createHostnameWriter(warehouse, { clock, log }));
  const gate = createGate(
    warehouse,
    { clock, log },
    {
      probeTimeoutMs: 5_000,
      firstPauseMs: 500,
      longestPauseMs: kind === 'server' ? 60_000 : 5_000,
      random: Math.random,
    },
  );
  const settle = createSettle(
    {
      warehouse,
      tables,
      gate,
      budget: createInsertBudget(settings.insertsPerSecond, clock),
      log,
      newBatchId: () => randomBytes(8).readBigUInt64LE(),
      isHeld,
    },
    { insertTimeoutMs: 60_000, quietTimeoutMs: 60_000, attempts: 3 },
  );
  return createReplaySink({
    snapshot: registry.current(),
    encode: encoder.encode,
    settle,
    warehouse,
    tables: tenantTables,
    hostnames,
    quarantine: async (beacons) => {
      if (beacons.length === 0) return;
      // What is in quarantine already is found by its position and not written again.
      const folder = await openQuarantine(
        join(dataDir, 'quarantine'),
        new Set(beacons.map(({ segment }) => segment)),
      );
      await folder.add(beacons, clock.now());
    },
    progress: await openLoaderProgress(dataDir, log),
    isHeld,
    signal,
  });
};
