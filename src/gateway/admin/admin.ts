import { randomBytes } from 'node:crypto';
import type { Clock, Log, Running } from '#core';
import type { Database } from '#database';
import type { TenantRegistry } from '#tenants';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { AdminHandler } from '../options.ts';
import type { SystemCalls } from '../system-call.ts';
import { createAdmin, type TenantFile } from './api.ts';
import { createDeployment } from './deployment.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { discoveryRoutes } from './discovery.ts';
import { envRoutes, readEnv } from './env.ts';
import { createInstaller } from './install.ts';
import { installRoutes } from './install-routes.ts';
import { introduceTenants } from './introduce.ts';
import { moduleRoutes } from './modules.ts';
import type { PersistentStore } from './persistent-store.ts';
import { createTenantInit } from './tenant-init.ts';
import { tenantModuleRoutes } from './tenant-modules.ts';
import { createAnnouncePermissions } from './tenant-permissions.ts';
import { tenantRoutes } from './tenants.ts';
import { timerRoutes } from './timer-routes.ts';
import { startTimers } from './timers.ts';

/** What the administration is made of. */
export interface AdminParts {
  readonly store: PersistentStore;
  readonly registry: TenantRegistry;
  readonly tenantFile: TenantFile;
  readonly database: Database;
  readonly builtIn: readonly ModuleDescriptor[];
  /** The gateway's own call of a module; the gateway is made after its administration, so it is asked late. */
  readonly system: SystemCalls['system'];
  readonly checkUrl: (url: string) => Promise<void>;
  readonly allowExec: boolean;
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
  const { store, registry, database, clock, log, system } = parts;
  const deployment = createDeployment({
    allowExec: parts.allowExec,
    env: () => readEnv(database),
    clock,
    log,
  });
  const installer = createInstaller(
    store,
    createTenantInit(system, clock),
    createAnnouncePermissions(system),
  );
  const world = {
    store,
    registry,
    tenantFile: parts.tenantFile,
    newTenantId: () => `t${randomBytes(15).toString('hex')}`,
    checkUrl: parts.checkUrl,
    deployment,
  };
  const timers = startTimers({ store, registry, database, system, clock, log });
  const running: Running[] = [deployment, timers];
  return {
    handle: createAdmin(
      moduleRoutes(world),
      tenantRoutes(world),
      tenantModuleRoutes(world, installer),
      installRoutes(world, installer, database, clock),
      timerRoutes(world, timers),
      discoveryRoutes(world),
      deploymentRoutes(world),
      envRoutes(database),
    ),
    begin: async () => {
      const introductions = await introduceTenants({ ...parts, installer });
      running.push(introductions);
      await introductions.ready;
    },
    stop: async () => {
      for (const part of running) await part.stop();
    },
  };
};
