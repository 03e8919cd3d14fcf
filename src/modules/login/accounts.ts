import { randomUUID } from 'node:crypto';
import { AppError, type Clock } from '#core';
import type { Database } from '#database';
import { endSessions } from '../authtoken/end-sessions.ts';
import { openPermissionDirectory } from '../permissions/directory.ts';
import { openUserDirectory, type User } from '../users/directory.ts';
import { openCredentials } from './credentials.ts';

/**
 * Sets that let an account make the other accounts of its tenant by the API: the role, and what of it matters where the accounts module is not enabled. It gives
 * others only what it holds itself.
 */
export const ADMINISTRATOR: readonly string[] = [
  'role.administrator',
  'users.all',
  'user-tenants.all',
  'perms.all',
  'login.all',
];

/** An account to be made. */
export interface NewAccount {
  readonly tenant: string;
  readonly username: string;
  /** 8 to 1,000 characters. */
  readonly password: string;
  /** Names of permissions or sets; they need not be known to the tenant yet. */
  readonly permissions: readonly string[];
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** An account as it is. */
export interface Account {
  readonly userId: string;
  readonly username: string;
  readonly active: boolean;
  /** As assigned, sets not expanded. */
  readonly permissions: readonly string[];
}

/**
 * Accounts for those who own the control database: the first account of a tenant cannot be made by the API, since nobody can
 * sign in yet. An account is a user, what it holds, and a password. Errors: `ACCOUNT_UNKNOWN` where there is none.
 */
export interface Accounts {
  /** Resolves to the user's id. Errors: `ACCOUNT_EXISTS`, `ACCOUNT_INVALID`. */
  add(account: NewAccount): Promise<string>;
  /** Ends all sessions of the account as well. Errors: `ACCOUNT_INVALID`. */
  setPassword(tenant: string, username: string, password: string): Promise<void>;
  /** Adds to what the account holds. Resolves to all of it. */
  grant(tenant: string, username: string, permissions: readonly string[]): Promise<readonly string[]>;
  /** At most 10,000, by name. */
  list(tenant: string): Promise<readonly Account[]>;
  /** Those of the names that no module has announced for the tenant: perhaps a slip, perhaps a module of tomorrow. */
  unannounced(tenant: string, permissions: readonly string[]): Promise<readonly string[]>;
}

/** Opens the accounts over the control database. */
export const openAccounts = (database: Database, clock: Clock): Accounts => {
  const users = openUserDirectory(database);
  const permissions = openPermissionDirectory(database, clock);
  const credentials = openCredentials(database, clock);

  const find = async (tenant: string, username: string): Promise<User> => {
    const user = await users.findBy(tenant, 'username', username);
    if (user !== undefined) return user;
    throw new AppError('ACCOUNT_UNKNOWN', `${tenant} has no account ${JSON.stringify(username)}`, {
      status: 404,
    });
  };
  const grant = async (tenant: string, userId: string, names: readonly string[]) => {
    const held = await permissions.users.findBy(tenant, 'userId', userId);
    const all = [...new Set([...(held?.permissions ?? []), ...names])];
    if (held === undefined)
      await permissions.users.add(tenant, { id: randomUUID(), userId, permissions: all });
    else await permissions.users.replace(tenant, { ...held, permissions: all });
    return all;
  };

  return {
    add: async ({ tenant, username, password, permissions: names, firstName, lastName = username }) => {
      checkName(username);
      checkPassword(password);
      if ((await users.findBy(tenant, 'username', username)) !== undefined)
        throw new AppError('ACCOUNT_EXISTS', `${tenant} has an account ${JSON.stringify(username)} already`, {
          status: 422,
        });
      const now = new Date(clock.now()).toISOString();
      const id = randomUUID();
      await users.add(tenant, {
        id,
        username,
        active: true,
        type: 'staff',
        personal: { lastName, ...(firstName !== undefined && { firstName }) },
        metadata: { createdDate: now, updatedDate: now },
      });
      await grant(tenant, id, names);
      await credentials.set(tenant, id, password);
      return id;
    },
    setPassword: async (tenant, username, password) => {
      checkPassword(password);
      const { id } = await find(tenant, username);
      await credentials.set(tenant, id, password);
      await endSessions(database, clock, tenant, id);
    },
    grant: async (tenant, username, names) => grant(tenant, (await find(tenant, username)).id, names),
    list: async (tenant) => {
      const { records } = await users.list(tenant, {
        query: 'cql.allRecords=1 sortby username',
        offset: 0,
        limit: 10_000,
      });
      return Promise.all(
        records.map(async ({ id, username, active }) => ({
          userId: id,
          username,
          active,
          permissions: (await permissions.users.findBy(tenant, 'userId', id))?.permissions ?? [],
        })),
      );
    },
    unannounced: async (tenant, names) => {
      const known = await permissions.definitions(tenant);
      return names.filter((name) => !known.has(name));
    },
  };
};

const checkName = (username: string): void => {
  if (username.length > 0 && username.length <= 255 && username.trim() === username) return;
  throw new AppError(
    'ACCOUNT_INVALID',
    'the user name is empty, longer than 255 characters, or has spaces around it',
    {
      status: 422,
    },
  );
};

const checkPassword = (password: string): void => {
  if (password.length >= 8 && password.length <= 1_000) return;
  throw new AppError('ACCOUNT_INVALID', `a password has 8 to 1000 characters, found ${password.length}`, {
    status: 422,
  });
};
