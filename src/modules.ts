import { type Clock, createKept } from '#core';
import type { Database, TableMigration } from '#database';
import type { Module } from '#gateway/contract';
import type { TenantRegistry } from '#tenants';
import {
  authtokenTables,
  configurationTables,
  createAuthorise,
  createAuthtokenModule,
  createConfigurationModule,
  createLoginModule,
  createNotesModule,
  createOrganizationsModule,
  createPermissionsModule,
  createUsersModule,
  loginTables,
  notesTables,
  openPermissionDirectory,
  openSessions,
  openUserDirectory,
  permissionsTables,
  type TokenMint,
  usersTables,
} from '#modules';

/** Tables of all built-in modules, for the control database. */
export const moduleTables: readonly TableMigration[] = [
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
  readonly clock: Clock;
}

/** A change of a user by another process is seen within this time. */
const USER_KEPT_MS = 5_000;

/** The modules that ship, one line each. */
export const createModules = ({ database, registry, tokens, clock }: ModuleDeps): readonly Module[] => {
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
    createOrganizationsModule(registry, clock),
    createPermissionsModule(permissions),
    createUsersModule(database, clock),
  ];
};
