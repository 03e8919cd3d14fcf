import { type Clock, createKept } from '#core';
import type { Database } from '#database';
import { openRecords, type Records } from '../records/index.ts';
import { expandPermissions, type Permission } from './expansion.ts';

/** What a user holds in a tenant, by the names that were assigned. */
export interface PermissionUser {
  readonly id: string;
  readonly userId: string;
  readonly permissions: readonly string[];
}

/** Who holds which permission. The permissions module and the auth filter look here. */
export interface PermissionDirectory {
  readonly users: Records<PermissionUser>;
  /** All permissions that the tenant's modules have announced. */
  definitions(tenant: string): Promise<ReadonlyMap<string, Permission>>;
  /** Replaces what a module has announced before. */
  announce(tenant: string, moduleId: string, permissions: readonly Permission[]): Promise<void>;
  /**
   * Everything that the user holds there, sets expanded; null: the user is not known to the permissions of this tenant. `actingIn`:
   * another tenant whose sets are expanded as well, since a module that is enabled there alone announces its sets there alone.
   * Kept for `KEPT_MS` and until something changes through this directory.
   */
  heldBy(tenant: string, userId: string, actingIn?: string): Promise<ReadonlySet<string> | null>;
}

/** A change made by another process is seen within this time. */
const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;
/** Neither in a tenant's id nor in a user's. */
const SEPARATOR = '\n';

type Tables = { permissions: { tenant: string; name: string; module_id: string; doc: string } };

/** Opens the directory over the control database. */
export const openPermissionDirectory = (database: Database, clock: Clock): PermissionDirectory => {
  const tables = database.as<Tables>();
  const users = openRecords<PermissionUser>(database, {
    table: 'permission_users',
    fields: { id: 'id', userId: 'user_id' },
    columns: (user) => ({ user_id: user.userId }),
  });

  const definitions = async (tenant: string): Promise<ReadonlyMap<string, Permission>> => {
    const rows = await tables
      .selectFrom('permissions')
      .select(['name', 'doc'])
      .where('tenant', '=', tenant)
      .execute();
    return new Map(rows.map(({ name, doc }) => [name, JSON.parse(doc) as Permission]));
  };
  const held = createKept(KEPT_MS, MOST_KEPT, clock, async (key): Promise<ReadonlySet<string> | null> => {
    const [tenant = '', userId = '', actingIn = tenant] = key.split(SEPARATOR);
    const user = await users.findBy(tenant, 'userId', userId);
    if (user === undefined) return null;
    const held = expandPermissions(user.permissions, await definitions(tenant));
    return actingIn === tenant ? held : expandPermissions([...held], await definitions(actingIn));
  });

  return {
    users: {
      ...users,
      add: (tenant, user) => users.add(tenant, user).finally(held.forget),
      replace: (tenant, user) => users.replace(tenant, user).finally(held.forget),
      remove: (tenant, id) => users.remove(tenant, id).finally(held.forget),
    },
    definitions,
    announce: async (tenant, moduleId, permissions) => {
      const rows = permissions.map((permission) => ({
        tenant,
        name: permission.permissionName,
        module_id: moduleId,
        doc: JSON.stringify(permission),
      }));
      await tables.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('permissions')
          .where('tenant', '=', tenant)
          .where('module_id', '=', moduleId)
          .execute();
        for (const row of rows) {
          await transaction
            .insertInto('permissions')
            .values(row)
            .onConflict((conflict) =>
              conflict.columns(['tenant', 'name']).doUpdateSet({ module_id: moduleId, doc: row.doc }),
            )
            .execute();
        }
      });
      held.forget();
    },
    heldBy: (tenant, userId, actingIn = tenant) => held.get([tenant, userId, actingIn].join(SEPARATOR)),
  };
};
