import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Database } from '#database';
import type { DemoHistory } from '#demo';
import { createAddressGuard, createGateway, createTokens, type Gateway, loadSigningKey } from '#gateway';
import { createAdministration, openPersistentStore } from '#gateway/admin';
import type { LoaderWorker } from '#loader';
import { openAnnotations, forgetTenantAccess, openAudit, openMeasurementState } from '#modules';
import { createReplayNotes, createVersionNotes, notePageGroups } from '#upkeep';
import { createLiveCopies, openViews, type Views, type Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';
import { createAuditSink } from './audit-sink.ts';
import { openControlDatabase } from './control-database.ts';
import { removeDemoNotes } from './demo-notes.ts';
import { createModules, isForTenant } from './modules.ts';
import { createOperationsPorts } from './operations-ports.ts';
import { createTenantFile } from './tenant-file.ts';

/** Paths that others than the gateway answer on the same port, so that no module can. */
const OWN_PATHS = ['/beacon/catcher', '/health', '/metrics', '/app'];

/** Opens the control database, which it resolves to, and puts the gateway, with the built-in modules, behind every path that nobody else answers. */
export const mountGateway = async (
  context: AppContext,
  warehouse: Warehouse,
  loader: LoaderWorker,
  history: DemoHistory | null,
): Promise<Database> => {
  const { config, clock, log, metrics, registry, lifecycle, dataDir, door } = context;
  const database = lifecycle.add('database', await openControlDatabase(config));
  const key = await loadSigningKey(config.gateway.signingKey, join(dataDir, 'signing-key'));
  const tokens = createTokens({ ...config.gateway, key }, clock);
  const audit = lifecycle.add('audit', openAudit(database, clock, log.child('audit')));
  const annotations = openAnnotations(database);
  const noteReplay = createReplayNotes(annotations, clock, log.child('notes'));
  const operations = createOperationsPorts(context, {
    warehouse,
    loader,
    gateway: () => gateway,
    store: () => store,
    removeGenerated:
      history === null
        ? null
        : async () => {
            await removeDemoNotes(database, await history.notes());
            return history.remove();
          },
    onReplayed: (job) => void noteReplay(job),
    lifecycle,
  });
  const views = openViewsWithCopies(context, warehouse);
  const modules = createModules({ database, registry, tokens, warehouse, views, operations, audit, clock });
  const builtIn = modules.map(({ descriptor }) => descriptor);
  const store = lifecycle.add('module-store', await openPersistentStore({ database, builtIn, clock, log }));
  const url = (): string =>
    config.gateway.url === '' ? `http://localhost:${context.port}` : config.gateway.url;
  const ownPorts = (): readonly number[] =>
    context.adminPort === null ? [context.port] : [context.port, context.adminPort];
  const guard = createAddressGuard(config.gateway.discoveryAllow, ownPorts);
  const administration = lifecycle.add(
    'administration',
    createAdministration({
      store,
      registry,
      tenantFile: createTenantFile(resolve(config.usersMap), registry),
      database,
      builtIn,
      isForTenant,
      system: (call) => gateway.system(call),
      forgotten: (tenant) => forgetTenantAccess(database, clock, tenant),
      guard,
      own: () => ({ ports: ownPorts(), url: url() }),
      reservedPaths: config.demo ? [...OWN_PATHS, '/demo'] : OWN_PATHS,
      allowExec: config.gateway.allowExec,
      requireInstanceSecrets: config.gateway.requireInstanceSecrets,
      clock,
      log: log.child('administration'),
    }),
  );
  const gateway: Gateway = lifecycle.add(
    'gateway',
    createGateway(
      {
        registry,
        store,
        modules,
        tokens,
        clock,
        log: log.child('gateway'),
        metrics,
        admin: administration.handle,
        audit: createAuditSink(audit, clock),
      },
      {
        ...config.gateway,
        trustedProxies: config.collector.trustedProxies,
        operatorToken: context.operatorToken,
        url,
        ownPorts,
        node: database.kind === 'sqlite' ? null : hostname(),
        keepTracesMs: config.gateway.traceMinutes * 60_000,
      },
    ),
  );
  const unmount = door.mount('/', gateway.handle);
  lifecycle.add('gateway-door', { stop: async () => unmount() });
  await administration.begin();
  const state = openMeasurementState(database);
  await notePageGroups(config.loader.pageGroups, { state, annotations, registry, clock });
  lifecycle.add(
    'version-notes',
    createVersionNotes({
      client: warehouse.client,
      views: openViews({ client: warehouse.client }),
      annotations,
      registry,
      clock,
      log: log.child('notes'),
      isActive: () => loader.status().state === 'running',
    }),
  );
  return database;
};

/** Copies are kept by one server; a cluster's page views are read from beacons. */
const openViewsWithCopies = (
  { config, clock, log, metrics, lifecycle }: AppContext,
  { client }: Warehouse,
): Views => {
  if (config.clickhouse.cluster !== '') return openViews({ client });
  const copies = createLiveCopies({ client, clock, log: log.child('live-copies'), metrics });
  return openViews({ client, copies: lifecycle.add('live-copies', copies) });
};
