import { type Clock, createKept } from '#core';
import type { Database, TableMigration } from '#database';
import type { Module, ModuleDescriptor } from '#gateway/contract';
import type { Tenant, TenantRegistry } from '#tenants';
import type { Views, Warehouse } from '#warehouse';
import {
  accountsTables,
  type Audit,
  auditTables,
  authtokenTables,
  configurationTables,
  createAccountsModule,
  createAuthorise,
  createAuthtokenModule,
  createConfigurationModule,
  createConsortiumModule,
  createLastAdministrator,
  createLoginModule,
  createNotesModule,
  createOperationsModule,
  createOrganizationsModule,
  createPermissionsModule,
  createReportsModule,
  createShareMakers,
  createUsersModule,
  guestOf,
  isShadowOf,
  isUsable,
  loginTables,
  notesTables,
  openPermissionDirectory,
  openServiceAccounts,
  openSessions,
  openUserDirectory,
  openUses,
  type OperationsPorts,
  permissionsTables,
  sharesAtHome,
  type TokenMint,
  usersTables,
} from '#modules';

/** Tables of all built-in modules, for the control database. */
export const moduleTables: readonly TableMigration[] = [
  ...accountsTables,
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
  readonly views: Views;
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
  views,
  operations,
  audit,
  clock,
}: ModuleDeps): readonly Module[] => {
  const users = openUserDirectory(database);
  const permissions = openPermissionDirectory(database, clock);
  const sessions = openSessions(database, tokens, clock);
  const activity = createKept(USER_KEPT_MS, 10_000, clock, async (key) => {
    const [tenant = '', userId = ''] = key.split('\n');
    return users.find(tenant, userId);
  });
  const findUser = (tenant: string, userId: string) => activity.get(`${tenant}\n${userId}`);
  const uses = openUses(database, clock);
  const forget = activity.forget;
  const services = openServiceAccounts({ database, users, permissions, sessions, clock, forget });
  const snapshot = () => registry.current();
  const mayStillShare = createShareMakers({ users, permissions, snapshot, clock });
  const isGoodShare = async (tenant: string, userId: string): Promise<boolean> => {
    const share = await services.find(tenant, userId);
    return share !== undefined && mayStillShare(tenant, share);
  };
  const authorise = createAuthorise({
    isActive: async (tenant, userId) => {
      const user = await findUser(tenant, userId);
      if (user === undefined) return null;
      uses.used(tenant, userId);
      return isUsable(user, clock.now());
    },
    heldBy: sharesAtHome(permissions.heldBy, findUser, isGoodShare),
    hasShadow: async (tenant, userId, origin) => {
      const user = await findUser(tenant, userId);
      return user !== undefined && isShadowOf(user, origin, clock.now());
    },
    voidBefore: sessions.voidBefore,
    isEnded: sessions.isEnded,
  });
  const lastAdministrator = createLastAdministrator(users, permissions);
  return [
    createAccountsModule({
      database,
      users,
      permissions,
      sessions,
      tokens,
      services,
      uses,
      lastAdministrator,
      mayStillShare,
      audit,
      snapshot,
      clock,
      forget,
    }),
    createAuthtokenModule(authorise, sessions, tokens),
    createConfigurationModule(database, clock),
    createConsortiumModule({ clock, client: warehouse.client }),
    createLoginModule({ database, users, sessions, permissions, snapshot, clock }),
    createNotesModule({
      database,
      clock,
      snapshot,
      siteOf: async (tenant, userId) => (await services.find(tenant, userId))?.site ?? null,
      guestOf: async (tenant, userId) => {
        const account = await services.find(tenant, userId);
        return account === undefined ? null : guestOf(account, clock.now());
      },
    }),
    createOperationsModule({ registry, ports: operations, audit, clock }),
    createOrganizationsModule({
      registry,
      usersMap: operations.usersMap,
      healthOf: operations.healthOf,
      audit,
      clock,
    }),
    createPermissionsModule(permissions, lastAdministrator),
    createReportsModule({
      client: warehouse.client,
      sources: views,
      hostnames: (tenant) => registry.current().byId(tenant)?.hostnames ?? [],
      clock,
    }),
    createUsersModule({ database, clock, permissions, lastAdministrator, onChange: forget }),
  ];
};

/** Is a module that ships enabled for a tenant when it appears? Reports are about beacons: a tenant that sends none has none. */
export const isForTenant = ({ name }: ModuleDescriptor, { traces }: Tenant): boolean =>
  name !== 'reports' || traces.length > 0;
