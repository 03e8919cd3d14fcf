import { hostname } from 'node:os';
import { type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { Tenant, TenantRegistry } from '#tenants';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { AdminHandler } from '../options.ts';
import type { AddressGuard } from '../stages/address-guard.ts';
import type { SystemCalls } from '../system-call.ts';
import { createAdmin, type TenantFile } from './api.ts';
import { createAutoDeploy } from './auto-deploy.ts';
import { createDeployment } from './deployment.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { openDescriptions } from './descriptions.ts';
import { discoveryRoutes } from './discovery.ts';
import { envRoutes, readEnv } from './env.ts';
import { createHealthChecks } from './health.ts';
import { createInstaller } from './install.ts';
import { openInstallJobs } from './install-jobs.ts';
import { installRoutes } from './install-routes.ts';
import { createInstanceSecrets } from './instance-secrets.ts';
import { interfaceRoutes } from './interfaces.ts';
import { type Introductions, introduceTenants } from './introduce.ts';
import { moduleRoutes } from './modules.ts';
import type { PersistentStore } from './persistent-store.ts';
import { createTenantInit } from './tenant-init.ts';
import { tenantModuleRoutes } from './tenant-modules.ts';
import type { OwnPlace } from './own-address.ts';
import { createPermissionAnnouncements } from './tenant-permissions.ts';
import { tenantRoutes } from './tenants.ts';
import { openTimerBook } from './timer-book.ts';
import { timerRoutes } from './timer-routes.ts';
import { startTimers } from './timers.ts';

/** What the administration is made of. */
export interface AdminParts {
  readonly store: PersistentStore;
  readonly registry: TenantRegistry;
  readonly tenantFile: TenantFile;
  readonly database: Database;
  readonly builtIn: readonly ModuleDescriptor[];
  /** Is a built-in module enabled for a tenant by itself? Default: for every one. */
  readonly isForTenant?: (module: ModuleDescriptor, tenant: Tenant) => boolean;
  /** The gateway's own call of a module; the gateway is made after its administration, so it is asked late. */
  readonly system: SystemCalls['system'];
  /** Told of a tenant that is deleted. Default: nobody is. */
  readonly forgotten?: (tenant: string) => Promise<void>;
  /** Says where modules may run. */
  readonly guard: AddressGuard;
  /** Where the gateway itself is, asked when it listens. */
  readonly own: () => OwnPlace;
  /** Beginnings of paths that this server answers itself, besides `/_/`: no module may claim them. */
  readonly reservedPaths: readonly string[];
  readonly allowExec: boolean;
  /** Must every instance have a secret? Default: no. */
  readonly requireInstanceSecrets?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** The administration of the gateway: its API, and what goes on by itself (introductions, timers, started processes). */
export interface Administration extends Running {
  readonly handle: AdminHandler;
  /** Call it when the gateway can be called: introduces the tenants and starts the timers. */
  begin(): Promise<void>;
}

/** Creates the administration. */
export const createAdministration = (parts: AdminParts): Administration => {
  const { store, registry, database, guard, clock, log, system } = parts;
  const stopping = new AbortController();
  const deployment = createDeployment({
    allowExec: parts.allowExec,
    nodeId: database.kind === 'sqlite' ? 'localhost' : hostname(),
    env: () => readEnv(database),
    onExit: (instId) => {
      store
        .forget([instId])
        .catch((error: unknown) => log.warn('instance_not_forgotten', { err: errorText(error) }));
    },
    clock,
    log,
  });
  const secrets = createInstanceSecrets(store, parts.requireInstanceSecrets ?? false);
  const installer = createInstaller({
    store,
    init: createTenantInit(system, clock, stopping.signal),
    permissions: createPermissionAnnouncements(system),
    autoDeploy: createAutoDeploy(store, deployment, secrets),
    log,
  });
  const world = { store, registry, deployment };
  const health = createHealthChecks(
    guard,
    ({ srvcId, instId }) => store.instances(srvcId).find((each) => each.instId === instId)?.secret,
    clock,
  );
  const jobs = openInstallJobs(database, clock);
  const descriptions = openDescriptions(database);
  const timers = startTimers({ store, registry, book: openTimerBook(database), system, clock, log });
  let introductions: Introductions | undefined;

  const forget = async (tenant: string): Promise<void> => {
    await store.change(tenant, store.enabledFor(tenant), []);
    await timers.forget(tenant);
    await jobs.forget(tenant);
    await descriptions.set(tenant, undefined);
    await introductions?.forget(tenant);
    await parts.forgotten?.(tenant);
  };
  /** They get no request as long as secrets are required; somebody has to know why. */
  const warnOfBare = (): void => {
    if (parts.requireInstanceSecrets !== true) return;
    for (const { srvcId, instId, secret } of store.discoveries())
      if (secret === undefined) log.warn('instance_without_secret', { module: srvcId, inst_id: instId });
  };
  /** Processes of this node that an earlier run of this program has started and left: their ports may be anybody's by now. */
  const forgetLeftovers = async (): Promise<void> => {
    const left = store
      .discoveries()
      .filter(({ nodeId }) => nodeId !== undefined && deployment.isNode(nodeId));
    if (left.length > 0) await store.forget(left.map(({ instId }) => instId));
  };

  return {
    handle: createAdmin(
      moduleRoutes(world, ['/_/', ...parts.reservedPaths]),
      tenantRoutes(world, {
        tenantFile: parts.tenantFile,
        descriptions,
        introduced: async () => introductions?.settled(),
        forget,
      }),
      tenantModuleRoutes(world, installer),
      interfaceRoutes(world),
      installRoutes(world, { installer, jobs, clock, log }),
      timerRoutes(world, timers),
      discoveryRoutes(world, { guard, health, secrets, own: parts.own }),
      deploymentRoutes(world, secrets),
      envRoutes(database),
    ),
    begin: async () => {
      await forgetLeftovers();
      warnOfBare();
      introductions = introduceTenants({ ...parts, installer });
      await introductions.settled();
    },
    stop: async () => {
      stopping.abort();
      for (const part of [introductions, timers, health]) await part?.stop();
      const started = deployment.running().map(({ instId }) => instId);
      await deployment.stop();
      if (started.length > 0) await store.forget(started);
    },
  };
};
