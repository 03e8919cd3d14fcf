import { text } from '#gateway/contract';
import type { Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import type { PermissionDirectory } from './directory.ts';
import { expandPermissions } from './expansion.ts';

/**
 * Would the tenant have nobody left who can manage its accounts, if this user held only `left` (expanded by the tenant's sets; `[]` when he goes)?
 * False also when he is no administrator now.
 */
export type LastAdministrator = (tenant: string, userId: string, left: readonly string[]) => Promise<boolean>;

/** What somebody holds who can manage the accounts of a tenant. */
const ADMINISTERS = ['users.item.put', 'perms.users.item.put'] as const;

/** 422 for whoever would remove the last administrator. */
export const LAST_ADMINISTRATOR = text(
  422,
  'This is the last administrator of the organization; make somebody else one before',
);

/** Creates the check over users and permissions. Only active people count: service accounts hold no such rights. */
export const createLastAdministrator =
  (users: Records<User>, permissions: PermissionDirectory): LastAdministrator =>
  async (tenant, userId, left) => {
    const definitions = await permissions.definitions(tenant);
    const administers = (names: readonly string[]): boolean => {
      const held = expandPermissions(names, definitions);
      return ADMINISTERS.every((name) => held.has(name));
    };
    const now = await permissions.users.findBy(tenant, 'userId', userId);
    if (now === undefined || !administers(now.permissions) || administers(left)) return false;
    const { records } = await permissions.users.list(tenant, { query: '', offset: 0, limit: 10_000 });
    for (const other of records) {
      if (other.userId === userId || !administers(other.permissions)) continue;
      const user = await users.find(tenant, other.userId);
      if (user?.active === true) return false;
    }
    return (await users.find(tenant, userId))?.active === true;
  };
