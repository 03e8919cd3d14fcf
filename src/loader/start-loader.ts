import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openArchive } from '#archive';
import { type Clock, createLifecycle, type Log, type Metrics, type Running } from '#core';
import { openCheckpoint, openJournalReader } from '#journal';
import { openTenantRegistry } from '#tenants';
import { createTenantTables, createWarehouseClient } from '#warehouse';
import type { LoaderOptions } from './loader-options.ts';
import { readBootId } from './boot-id.ts';
import { createDiskSpace } from './disk-space.ts';
import { beginFirstLook } from './first-look.ts';
import { createLoaderMetrics } from './loader-metrics.ts';
import type { LoadStep } from './loading.ts';
import type { EncodeBeacon, ReleaseRows } from './ports.ts';
import { type Rounds, type RoundsOptions, startRounds } from './rounds.ts';
import { parseState } from './state.ts';
import { createTablesPort, createWarehousePort } from './warehouse-ports.ts';

/** What a loader needs that is not plain data. */
export interface LoaderDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly encode: EncodeBeacon;
  /** Gives rows of `encode` back. */
  readonly release?: ReleaseRows;
  /** Is the claim on the data folder still ours? Asked before each round. */
  readonly isHeld: () => Promise<boolean>;
  /** Failpoints of tests. */
  readonly onStep?: (step: LoadStep) => void | Promise<void>;
}

/** Opens everything that a loader works with and starts it. The caller has claimed the data folder (`lockFolder`). */
export const startLoader = async (options: LoaderOptions, deps: LoaderDeps): Promise<Rounds> => {
  const { clock, log, metrics } = deps;
  const { dataDir, warehouse } = options;
  const lifecycle = createLifecycle(log);
  try {
    const registry = lifecycle.add(
      'tenants',
      await openTenantRegistry({
        path: options.usersMap,
        lastGoodPath: join(dataDir, 'users-map.last-good.yaml'),
        clock,
        log,
      }),
    );
    const client = createWarehouseClient(warehouse.connection, warehouse.kind);
    lifecycle.add('client', { stop: () => client.close() });
    const { cluster } = warehouse;
    const tables = lifecycle.add(
      'tables',
      createTenantTables({
        client,
        registry,
        log,
        metrics,
        clock,
        cluster,
        parallel: options.parallelMigrations,
      }),
    );
    // One look at all tables: then those that are current need no look of their own. What takes longer goes on beside the rounds.
    const firstLook = beginFirstLook(tables, { clock, log: log.child('loader') });
    await Promise.race([firstLook.over, clock.sleep(TABLES_PATIENCE_MS)]);
    const archive = await openArchive(
      { folder: join(dataDir, 'archive'), ...options.archive },
      { clock, log: log.child('archive') },
    );
    const journal = join(dataDir, 'journal');
    // A loader of its own may be there before the first collector.
    await mkdir(journal, { recursive: true, mode: 0o700 });
    const space = createDiskSpace(journal, options.reserveBytes ?? 'auto');
    const rounds = await startRounds(
      {
        journal: openJournalReader({ folder: journal, log }),
        archive,
        warehouse: createWarehousePort(client, cluster),
        tables: createTablesPort(tables, registry, clock),
        tenants: { byId: (id) => registry.current().byId(id), refresh: () => registry.reload() },
        encode: deps.encode,
        ...(deps.release === undefined ? {} : { release: deps.release }),
        checkpoint: openCheckpoint(join(dataDir, 'loader.checkpoint'), parseState),
        metrics: createLoaderMetrics(metrics),
        clock,
        log,
        newBatchId,
        // A server tells of its own restarts, and may be on another machine.
        bootId: async () => (warehouse.kind === 'embedded' ? await readBootId() : ''),
        spaceIsLow: space.isLow,
        spaceIsShort: space.isShort,
        random: Math.random,
        isHeld: deps.isHeld,
        ...(deps.onStep === undefined ? {} : { onStep: deps.onStep }),
      },
      roundsOptions(options),
    );
    lifecycle.add('rounds', rounds);
    const ended = endWith(rounds, lifecycle);
    ended.catch(() => undefined);
    return {
      ...rounds,
      ended,
      status: () => ({ ...rounds.status(), migrating: firstLook.progress() }),
      stop: () => lifecycle.stop(),
    };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
};

/** When the rounds end, for whatever reason, everything else does. */
const endWith = async (rounds: Rounds, lifecycle: Running): Promise<void> => {
  try {
    await rounds.ended;
  } finally {
    await lifecycle.stop();
  }
};

/** Random: nothing else can promise that no two loaders of one warehouse ever use the same. */
const newBatchId = (): bigint => randomBytes(8).readBigUInt64LE();

const TABLES_PATIENCE_MS = 3_000;
const MINUTE_MS = 60_000;

const roundsOptions = (options: LoaderOptions): RoundsOptions => ({
  windowMs: options.windowMs,
  insertsPerSecond: options.insertsPerSecond,
  parallel: options.parallelInserts,
  maxRows: options.roundRows,
  // 16,000 real beacons: what an insert costs does not depend on its rows alone.
  maxBytes: 40 * 1024 ** 2,
  chunkEntries: 1_000,
  chunkBytes: 4 * 1024 ** 2,
  pollMs: 50,
  insertTimeoutMs: 30_000,
  quietTimeoutMs: 15_000,
  attempts: 3,
  patienceMs: 10_000,
  turnEntries: 5_000,
  turnBytes: 16 * 1024 ** 2,
  // Looking again after a restart of the server goes back half an hour.
  keepLoadedMs: Math.max(options.keepLoadedMinutes, options.warehouse.kind === 'server' ? 30 : 0) * MINUTE_MS,
  lookEveryMs: 5_000,
  probeEveryMs: 15_000,
  probeTimeoutMs: 5_000,
  closeDaysEveryMs: 30_000,
  giveUpAfterMs: 7 * 24 * 60 * MINUTE_MS,
  unknownTenantMs: 10 * MINUTE_MS,
  // The embedded engine's files outlive it: what it has acknowledged is in the page cache (tested with kill -9). For the machine there is `bootId`.
  distrustRestarts: options.warehouse.kind === 'server',
  quarantineFolder: join(options.dataDir, 'quarantine'),
  firstProbePauseMs: 500,
  longestProbePauseMs: options.warehouse.kind === 'server' ? 60_000 : 5_000,
  lagPauses: { firstMs: 1_000, longestMs: 5 * MINUTE_MS, afterDoubledMs: 60 * MINUTE_MS },
  housekeepingMs: 500,
  graceMs: 3_000,
  ...options.tuning,
});
