import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { noReplayState, openReplayState, replay, type ReplayOptions, type ReplayState } from '#archive';
import type { Config } from '#config';
import {
  type Clock,
  createLifecycle,
  createLog,
  createMetrics,
  type Lifecycle,
  type Log,
  silentLog,
  systemClock,
} from '#core';
import { lockFolder } from '#journal';
import {
  createGate,
  createHostnameWriter,
  createInsertBudget,
  createSettle,
  createTablesPort,
  createWarehousePort,
  openBeaconEncoder,
  openQuarantine,
} from '#loader';
import { isExpired, openTenantRegistry, problemText, type TenantRegistry } from '#tenants';
import { createTenantTables, openWarehouse } from '#warehouse';
import { openLoaderProgress } from './loader-progress.ts';
import { checkReplay, type ReplayCommandOptions, type ReplayContext } from './replay.ts';
import { createProgressView } from './replay-progress.ts';
import { reportJson, reportText } from './replay-report.ts';
import { createReplaySink } from './replay-sink.ts';

/** Replays and writes the report; false: it was stopped before its end. */
export const runReplay = async (given: ReplayCommandOptions, context: ReplayContext): Promise<boolean> => {
  const config = context.config();
  const clock = systemClock;
  // Standard output is the report's; troubles of the warehouse are worth a line.
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'warn', 2);
  const dataDir = resolve(config.dataDir);
  const lifecycle = createLifecycle(log);
  const stopping = stopOnSignals();
  const view = createProgressView(process.stderr, clock);
  try {
    const registry = lifecycle.add(
      'tenants',
      await openTenantRegistry({
        path: resolve(config.usersMap),
        lastGoodPath: join(dataDir, 'users-map.last-good.yaml'),
        clock,
        // Its problems are told in words below.
        log: silentLog,
      }),
    );
    const snapshot = registry.current();
    for (const problem of registry.problems())
      process.stderr.write(`users map, the last good one is used: ${problemText(problem)}\n`);
    checkReplay(given, (id) => {
      const tenant = snapshot.byId(id);
      return tenant && { isExpired: isExpired(tenant, clock.now()) };
    });
    const options = replayOptions(given, config, dataDir);
    // Two that insert at the same time could double a beacon; counting may be done beside it.
    if (!options.dryRun) {
      const lock = await lockFolder(join(dataDir, 'replay'), 'replay');
      lifecycle.add('lock', { stop: () => lock.release() });
    }
    const state = await openState(given, options, snapshot.version, dataDir);
    const sink = await openSink(config, dataDir, registry, lifecycle, { clock, log }, stopping.signal);
    const report = await replay(
      options,
      { snapshot, sink, state, clock, log, onProgress: (progress) => view.show(progress) },
      stopping.signal,
    );
    view.stop();
    const isDryRun = options.dryRun;
    context.out(given.json === true ? reportJson(report, isDryRun) : reportText(report, isDryRun));
    return !report.stopped;
  } finally {
    view.stop();
    await lifecycle.stop();
    stopping.end();
  }
};

const replayOptions = (given: ReplayCommandOptions, config: Config, dataDir: string): ReplayOptions => ({
  from: given.from === undefined ? join(dataDir, 'archive') : resolve(given.from),
  folder: given.folder ?? null,
  since: given.since ?? null,
  until: given.until ?? null,
  tenant: given.tenant ?? null,
  trace: given.trace ?? null,
  as: given.as ?? null,
  own: given.own === true,
  dryRun: given.dryRun === true,
  ratePerSecond: given.rate ?? 0,
  traceParameters: config.collector.traceParameters,
});

const openState = async (
  given: ReplayCommandOptions,
  { ratePerSecond: _rate, dryRun, ...question }: ReplayOptions,
  mapVersion: string,
  dataDir: string,
): Promise<ReplayState> => {
  if (dryRun) return noReplayState;
  const state = await openReplayState(join(dataDir, 'replay'), { ...question, mapVersion });
  if (given.restart !== true) return state;
  await state.remove();
  return await openReplayState(join(dataDir, 'replay'), { ...question, mapVersion });
};

const openSink = async (
  config: Config,
  dataDir: string,
  registry: TenantRegistry,
  lifecycle: Lifecycle,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
) => {
  const metrics = createMetrics();
  const { client, cluster, kind } = lifecycle.add(
    'warehouse',
    await openWarehouse({
      ...config.clickhouse,
      dataDir,
      memoryBytes: config.clickhouse.engineMemoryBytes,
      threads: config.clickhouse.engineThreads,
      log,
      metrics,
    }),
  );
  const parallel = config.clickhouse.parallelMigrations;
  const tenantTables = lifecycle.add(
    'tables',
    createTenantTables({ client, registry, log, metrics, clock, parallel, cluster }),
  );
  const warehouse = createWarehousePort(client, cluster);
  const tables = createTablesPort(tenantTables, registry, clock);
  const encoder = lifecycle.add('encoder', await openBeaconEncoder(config.loader, { log, metrics, clock }));
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
      budget: createInsertBudget(config.loader.insertsPerSecond, clock),
      log,
      newBatchId: () => randomBytes(8).readBigUInt64LE(),
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
    signal,
  });
};

/** Ctrl-C ends the replay after the batch that is under way; a second one ends the process. */
const stopOnSignals = (): { readonly signal: AbortSignal; end(): void } => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    },
  };
};
