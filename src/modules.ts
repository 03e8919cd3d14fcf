import { type Clock, createKept } from '#core';
import type { Database, TableMigration } from '#database';
import type { Module, ModuleDescriptor } from '#gateway/contract';
import type { Tenant, TenantRegistry } from '#tenants';
import { openViews, type Warehouse } from '#warehouse';
import {
  type Audit,
  auditTables,
  authtokenTables,
  configurationTables,
  createAuthorise,
  createAuthtokenModule,
  createConfigurationModule,
  createLoginModule,
  createNotesModule,
  createOperationsModule,
  createOrganizationsModule,
  createPermissionsModule,
  createReportsModule,
  createUsersModule,
  loginTables,
  notesTables,
  openPermissionDirectory,
  openSessions,
  openUserDirectory,
  type OperationsPorts,
  permissionsTables,
  type TokenMint,
  usersTables,
} from '#modules';

/** Tables of all built-in modules, for the control database. */
export const moduleTables: readonly TableMigration[] = [
  ...auditTables,
  ...authtokenTables,
  ...configurationTables,
  ...loginTables,
  ...notesTables,
  ...permissionsTables,
  ...usersTables,
];

/** What the built-in modules share. */
export interface ModuleDeps {
  readonly database: Database;
  readonly registry: TenantRegistry;
  readonly tokens: TokenMint;
  readonly warehouse: Pick<Warehouse, 'client'>;
  readonly operations: OperationsPorts;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** A change of a user by another process is seen within this time. */
const USER_KEPT_MS = 5_000;

/** The modules that ship, one line each. */
export const createModules = ({
  database,
  registry,
  tokens,
  warehouse,
  operations,
  audit,
  clock,
}: ModuleDeps): readonly Module[] => {
  const users = openUserDirectory(database);
  const permissions = openPermissionDirectory(database, clock);
  const sessions = openSessions(database, tokens, clock);
  const activity = createKept(USER_KEPT_MS, 10_000, clock, async (key) => {
    const [tenant = '', userId = ''] = key.split('\n');
    return (await users.find(tenant, userId))?.active ?? null;
  });
  const authorise = createAuthorise({
    isActive: (tenant, userId) => activity.get(`${tenant}\n${userId}`),
    heldBy: permissions.heldBy,
    voidBefore: sessions.voidBefore,
  });
  return [
    createAuthtokenModule(authorise, sessions, tokens),
    createConfigurationModule(database, clock),
    createLoginModule({ database, users, sessions, clock }),
    createNotesModule({
      database,
      clock,
      snapshot: () => registry.current(),
      siteOf: () => Promise.resolve(null),
    }),
    createOperationsModule({ registry, ports: operations, audit, clock }),
    createOrganizationsModule({ registry, usersMap: operations.usersMap, audit, clock }),
    createPermissionsModule(permissions),
    createReportsModule({
      client: warehouse.client,
      sources: openViews({ client: warehouse.client }),
      hostnames: (tenant) => registry.current().byId(tenant)?.hostnames ?? [],
      clock,
    }),
    createUsersModule(database, clock),
  ];
};

/** Is a module that ships enabled for a tenant when it appears? Reports are about beacons: a tenant that sends none has none. */
export const isForTenant = ({ name }: ModuleDescriptor, { traces }: Tenant): boolean =>
  name !== 'reports' || traces.length > 0;
