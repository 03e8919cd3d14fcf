import { resolve } from 'node:path';
import { createLifecycle, type Lifecycle } from '#core';
import { createDemoHistory, type DemoHistory } from '#demo';
import { type LoaderOptions, type LoaderWorker, startLoaderWorker } from '#loader';
import { createRollup, createSqlDoor, openWarehouse, SQL_DOOR_PREFIX, type Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';
import { fillDemo } from './fill-demo.ts';
import { mountDemo } from './mount-demo.ts';
import { mountGateway } from './mount-gateway.ts';
import type { Attempt } from './start-part.ts';

/**
 * Starts what is behind the door for beacons: the warehouse, the loader, and, unless this process is a loader alone, the gateway with its
 * modules, the SQL door and the demo site. What fails is tried again, part by part, and beacons are taken meanwhile. Resolves
 * when everything is there, or when the process stops.
 */
export const startBehind = async (context: AppContext): Promise<void> => {
  const { config, log, lifecycle, parts, role } = context;
  const warehouse = await parts.start('warehouse', lifecycle, (own) => openPart(context, own));
  if (warehouse === null) return;
  // They use the warehouse, and need none of the others to end.
  const users = lifecycle.add('behind', createLifecycle(log, 'together'));
  const { loader, history } = startLoading(context, warehouse, users);
  if (role === 'loader') return;
  const { operatorToken, metrics, door } = context;
  const sqlDoor = users.add('sql-door', createSqlDoor({ warehouse, operatorToken, log, metrics }));
  door.mount(SQL_DOOR_PREFIX, sqlDoor);
  if (config.demo) mountDemo(context, warehouse);
  const database = await parts.start('gateway', users, (own) =>
    mountGateway({ ...context, ...own }, warehouse, loader, history),
  );
  if (database !== null && config.demo)
    await parts.start('demo', users, () => fillDemo(context, database, history));
};

const openPart = (
  { config, dataDir, log }: AppContext,
  { lifecycle, metrics, signal }: Attempt,
): Promise<Warehouse> =>
  openWarehouse({
    ...config.clickhouse,
    dataDir,
    memoryBytes: config.clickhouse.engineMemoryBytes,
    threads: config.clickhouse.engineThreads,
    log,
    metrics,
    signal,
  }).then((warehouse) => lifecycle.add('warehouse', warehouse));

/** The loader, and what keeps the warehouse in order beside it. */
const startLoading = (
  context: AppContext,
  warehouse: Warehouse,
  users: Lifecycle,
): { readonly loader: LoaderWorker; readonly history: DemoHistory | null } => {
  const { config, clock, log, metrics, registry, role } = context;
  const loader = users.add('loader', startLoaderWorker(loaderOptions(context, warehouse), { clock, log }));
  context.addMetricSource(() => loader.metricValues());
  context.watchLoader(() => loader.status());
  const history =
    config.demo && config.demoHistory && role !== 'loader' ? addHistory(context, warehouse, users) : null;
  users.add(
    'rollup',
    createRollup({
      client: warehouse.client,
      cluster: warehouse.cluster,
      registry,
      clock,
      log,
      metrics,
      // Of several processes on one data folder, the one that loads.
      isActive: () => loader.status().state === 'running' && history?.isFilling() !== true,
    }),
  );
  return { loader, history };
};

const addHistory = (
  context: AppContext,
  { client, kind, connection, cluster }: Warehouse,
  users: Lifecycle,
): DemoHistory => {
  const { config, clock, log, dataDir, tell } = context;
  return users.add(
    'demo-history',
    createDemoHistory({
      client,
      clock,
      log: log.child('demo'),
      tell,
      dataDir,
      usersMap: resolve(config.usersMap),
      warehouse: { kind, connection, cluster },
      beacons: config.loader,
      logLevel: config.logLevel,
    }),
  );
};

const loaderOptions = ({ config, dataDir }: AppContext, warehouse: Warehouse): LoaderOptions => ({
  dataDir,
  usersMap: resolve(config.usersMap),
  warehouse: { kind: warehouse.kind, connection: warehouse.connection, cluster: warehouse.cluster },
  archive: config.archive,
  windowMs: config.loader.windowMs,
  roundRows: config.loader.roundRows,
  insertsPerSecond: config.loader.insertsPerSecond,
  parallelInserts: config.loader.parallelInserts,
  parallelMigrations: config.clickhouse.parallelMigrations,
  keepLoadedMinutes: config.journal.keepLoadedMinutes,
  reserveBytes: config.journal.reserveBytes,
  logLevel: config.logLevel,
  beacons: config.loader,
});
