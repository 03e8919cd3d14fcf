import { join, resolve } from 'node:path';
import type { ReplayOptions, ReplayReport } from '#archive';
import type { Config } from '#config';
import {
  createLifecycle,
  createLog,
  createMetrics,
  errorText,
  type Log,
  silentLog,
  systemClock,
} from '#core';
import { openAnnotations } from '#modules';
import { isExpired, openTenantRegistry, problemText } from '#tenants';
import { createReplayNotes, runReplayInto } from '#upkeep';
import { openWarehouse } from '#warehouse';
import { checkReplay, type ReplayCommandOptions, type ReplayContext } from './replay.ts';
import { createProgressView } from './replay-progress.ts';
import { reportJson, reportText } from './replay-report.ts';

/** Longer than the engine of a process that was killed keeps its data open. */
const ENGINE_PATIENCE_MS = 30_000;

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
    const warehouse = lifecycle.add(
      'warehouse',
      await openWarehouse({
        ...config.clickhouse,
        dataDir,
        memoryBytes: config.clickhouse.engineMemoryBytes,
        threads: config.clickhouse.engineThreads,
        log,
        metrics: createMetrics(),
        patienceMs: ENGINE_PATIENCE_MS,
      }),
    );
    const report = await runReplayInto(
      options,
      {
        dataDir,
        beacons: config.loader,
        insertsPerSecond: config.loader.insertsPerSecond,
        parallelMigrations: config.clickhouse.parallelMigrations,
      },
      {
        registry,
        warehouse,
        clock,
        log,
        onProgress: (progress) => view.show(progress),
        restart: given.restart === true,
      },
      stopping.signal,
    );
    view.stop();
    const isDryRun = options.dryRun;
    if (!isDryRun) await noteReplay(given, report, context.openDatabase, log);
    context.out(given.json === true ? reportJson(report, isDryRun) : reportText(report, isDryRun));
    return !report.stopped;
  } finally {
    view.stop();
    await lifecycle.stop();
    stopping.end();
  }
};

/** Leaves notes on the charts of those whose page views were added, as a replay of the back office does. Without a control database there are none, and the replay is as good. */
const noteReplay = async (
  { folder, since, until }: ReplayCommandOptions,
  { tenants, stopped }: ReplayReport,
  openControlDatabase: ReplayContext['openDatabase'],
  log: Log,
): Promise<void> => {
  const added = [...tenants].map(([tenant, { inserted }]) => ({ tenant, inserted }));
  if (added.every(({ inserted }) => inserted === 0)) return;
  try {
    const database = await openControlDatabase();
    try {
      await createReplayNotes(
        openAnnotations(database),
        systemClock,
        log,
      )({
        id: 'command line',
        dryRun: false,
        folder: folder ?? '',
        from: since === undefined ? null : new Date(since).toISOString(),
        to: until === undefined ? null : new Date(until).toISOString(),
        result: { tenants: added, stopped },
      });
    } finally {
      await database.stop();
    }
  } catch (error) {
    log.warn('replay_note_not_written', { err: errorText(error) });
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
