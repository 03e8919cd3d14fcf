import type { Clock } from '#core';
import type { Database } from '#database';
import { createPasswords } from './passwords.ts';

/** Passwords of users, hashed. */
export interface Credentials {
  /** As `Passwords.matches`. Takes the same time for a user that does not exist (`undefined`) or has no password. */
  check(
    tenant: string,
    userId: string | undefined,
    password: string,
    isWanted?: () => boolean,
  ): Promise<boolean>;
  set(tenant: string, userId: string, password: string): Promise<void>;
  remove(tenant: string, userId: string): Promise<boolean>;
}

type Tables = { credentials: { tenant: string; user_id: string; hash: string; changed_at: number } };

/** Opens the passwords over the control database. */
export const openCredentials = (database: Database, clock: Clock): Credentials => {
  const tables = database.as<Tables>();
  const passwords = createPasswords();
  return {
    check: async (tenant, userId, password, isWanted) => {
      const row = await tables
        .selectFrom('credentials')
        .select('hash')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId ?? '')
        .executeTakeFirst();
      return passwords.matches(password, row?.hash, isWanted);
    },
    set: async (tenant, userId, password) => {
      const hash = await passwords.hash(password);
      const changed_at = clock.now();
      await tables
        .insertInto('credentials')
        .values({ tenant, user_id: userId, hash, changed_at })
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet({ hash, changed_at }))
        .execute();
    },
    remove: async (tenant, userId) => {
      const { numDeletedRows } = await tables
        .deleteFrom('credentials')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};
