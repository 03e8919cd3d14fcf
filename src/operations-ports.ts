import { join, resolve } from 'node:path';
import { createMetrics, errorText, type Lifecycle } from '#core';
import { type Gateway, readExplainQuestion } from '#gateway';
import type { PersistentStore } from '#gateway/admin';
import type { LoaderWorker } from '#loader';
import type { OperationsPorts, RemovedData, ReplayJob } from '#modules';
import {
  createFolderSizes,
  createReplayJobs,
  createUnclaimedLooks,
  createUsersMapEditor,
  listModules,
  listQuarantine,
  listRequests,
  listRoutes,
  readHealth,
  readOwnHealth,
  readRequest,
  readTableFigures,
  startArchiveWork,
} from '#upkeep';
import { createTenantTables, MIGRATIONS, type TenantTables, type Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';

/** What operations reach besides the context. The gateway and its store are made after its modules, so they are asked late. */
export interface OperationsParts {
  readonly warehouse: Warehouse;
  readonly loader: LoaderWorker;
  readonly gateway: () => Gateway;
  readonly store: () => PersistentStore;
  readonly removeGenerated: (() => Promise<RemovedData>) | null;
  /** A replay came to its end. */
  readonly onReplayed: (job: ReplayJob) => void;
  readonly lifecycle: Lifecycle;
}

/** Bytes of archive files that one look through unknown or expired beacons reads. */
const MOST_LOOKED_AT = 2 * 1024 ** 3;
const MOST_GROUPS = 500;

/** Everything that operators look at or do, put together from the parts of this process. */
export const createOperationsPorts = (context: AppContext, parts: OperationsParts): OperationsPorts => {
  const { config, registry, clock, dataDir, log } = context;
  const { warehouse, loader, gateway, store, lifecycle } = parts;
  const archive = join(dataDir, 'archive');
  const usersMap = resolve(config.usersMap);
  const { traceParameters } = config.collector;
  const archiveSizes = lifecycle.add('archive-sizes', createFolderSizes(archive, clock));
  const startedAt = clock.now() - process.uptime() * 1_000;

  const replays = lifecycle.add(
    'replays',
    createReplayJobs({
      snapshot: registry.current,
      clock,
      archive,
      traceParameters,
      onEnd: parts.onReplayed,
      begin: (options, onMessage) =>
        startArchiveWork(
          {
            kind: 'replay',
            options,
            settings: {
              dataDir,
              beacons: config.loader,
              insertsPerSecond: config.loader.insertsPerSecond,
              parallelMigrations: config.clickhouse.parallelMigrations,
            },
            usersMap,
            warehouse: {
              kind: warehouse.kind,
              connection: warehouse.connection,
              cluster: warehouse.cluster,
            },
            logLevel: config.logLevel,
          },
          onMessage,
        ),
    }),
  );
  const looks = lifecycle.add(
    'unclaimed-looks',
    createUnclaimedLooks({
      snapshot: registry.current,
      clock,
      begin: (question, onMessage) =>
        startArchiveWork(
          {
            kind: 'scan',
            question,
            options: {
              archive,
              traceParameters,
              now: clock.now(),
              maxBytes: MOST_LOOKED_AT,
              maxGroups: MOST_GROUPS,
            },
            logLevel: config.logLevel,
          },
          onMessage,
        ),
    }),
  );

  /** Only for migrations that somebody asks for: the loader keeps the tables by itself. */
  let tables: TenantTables | undefined;
  lifecycle.add('operations-tables', { stop: async () => tables?.stop() });
  const openTables = (): TenantTables =>
    (tables ??= createTenantTables({
      client: warehouse.client,
      cluster: warehouse.cluster,
      registry,
      log,
      metrics: createMetrics(),
      clock,
      parallel: 1,
    }));

  return {
    usersMap: createUsersMapEditor(usersMap, registry),
    replays,
    figures: () =>
      readTableFigures(
        warehouse.client,
        registry.current().tenants.map(({ id }) => id),
        warehouse.cluster,
      ),
    health: () =>
      readHealth({
        dataDir,
        registry,
        loader,
        warehouse,
        newestMigration: Math.max(...MIGRATIONS.map(({ number }) => number)),
        metricValues: context.metricValues,
        archiveSizes,
        clock,
        startedAt,
      }),
    healthOf: (id) =>
      readOwnHealth(id, {
        registry,
        loader,
        metricValues: context.metricValues,
        figuresOf: async (tenant) => {
          const own = registry.current().byId(tenant);
          if (own === undefined) return undefined;
          return (await readTableFigures(warehouse.client, [own.id], warehouse.cluster)).get(own.id);
        },
        now: clock.now(),
        startedAt,
      }),
    quarantine: (tenant, limit) => listQuarantine(join(dataDir, 'quarantine'), tenant, limit),
    migrate: async (id) => {
      const tenant = registry.current().byId(id);
      if (tenant === undefined) return 'it is not in the users map';
      const [result] = await openTables().migrateAll([tenant]);
      return result?.kind === 'failed' ? errorText(result.error) : null;
    },
    unclaimed: looks.ask,
    modules: () => listModules(store()),
    routes: (tenant) => listRoutes(store(), tenant),
    requests: (question) => listRequests(gateway(), question),
    request: (id) => readRequest(gateway(), id),
    explain: (query) => gateway().explain(readExplainQuestion(query)),
    removeGenerated: parts.removeGenerated,
  };
};
