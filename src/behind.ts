import { resolve } from 'node:path';
import { createDemoHistory, type DemoHistory } from '#demo';
import { type LoaderOptions, startLoaderWorker } from '#loader';
import { createRollup, createSqlDoor, openWarehouse, SQL_DOOR_PREFIX, type Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';
import { mountDemo } from './mount-demo.ts';
import { mountGateway } from './mount-gateway.ts';

/**
 * Starts what is behind the door for beacons: the warehouse, the loader, and, unless this process is a loader alone, the gateway with its
 * modules, the SQL door and the demo site.
 */
export const startBehind = async (context: AppContext): Promise<void> => {
  const { config, clock, log, lifecycle, role } = context;
  const warehouse = lifecycle.add(
    'warehouse',
    await openWarehouse({
      ...config.clickhouse,
      dataDir: context.dataDir,
      memoryBytes: config.clickhouse.engineMemoryBytes,
      threads: config.clickhouse.engineThreads,
      log,
      metrics: context.metrics,
    }),
  );
  const loader = lifecycle.add(
    'loader',
    startLoaderWorker(loaderOptions(context, warehouse), { clock, log }),
  );
  context.addMetricSource(() => loader.metricValues());
  const history =
    config.demo && config.demoHistory && role !== 'loader' ? addHistory(context, warehouse) : null;
  lifecycle.add(
    'rollup',
    createRollup({
      client: warehouse.client,
      cluster: warehouse.cluster,
      registry: context.registry,
      clock,
      log,
      metrics: context.metrics,
      // Of several processes on one data folder, the one that loads.
      isActive: () => loader.status().state === 'running' && history?.isFilling() !== true,
    }),
  );
  if (role === 'loader') return;
  const { operatorToken, metrics } = context;
  const sqlDoor = createSqlDoor({ warehouse, operatorToken, log, metrics });
  lifecycle.add('sql-door', sqlDoor);
  context.door.mount(SQL_DOOR_PREFIX, sqlDoor);
  await mountGateway(context, warehouse, loader, history);
  if (config.demo) mountDemo(context, warehouse, loader);
};

const addHistory = (context: AppContext, { client, kind, connection, cluster }: Warehouse): DemoHistory => {
  const { config, clock, log, lifecycle, dataDir, tell } = context;
  return lifecycle.add(
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
