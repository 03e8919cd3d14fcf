import { LRUCache } from 'lru-cache';
import type { Clock } from '#core';
import type { Database } from '#database';

/** When accounts were used last. */
export interface Uses {
  /** Notes that an account is in use now; written at most once in `EVERY_MS`. */
  used(tenant: string, userId: string): void;
  /** When the accounts of a tenant were used last (epoch ms). */
  lastOf(tenant: string): Promise<ReadonlyMap<string, number>>;
}

/** A minute is near enough for people who look at a list, and spares a write for each request. */
const EVERY_MS = 60_000;

type Tables = { account_uses: { tenant: string; user_id: string; last_at: number } };

/** Opens the uses over the control database. */
export const openUses = (database: Database, clock: Clock): Uses => {
  const tables = database.as<Tables>();
  const written = new LRUCache<string, number>({ max: 10_000 });
  return {
    used: (tenant, userId) => {
      const key = `${tenant}\n${userId}`;
      const now = clock.now();
      if (now - (written.get(key) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
      written.set(key, now);
      tables
        .insertInto('account_uses')
        .values({ tenant, user_id: userId, last_at: now })
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet({ last_at: now }))
        .execute()
        // A request must not fail for it; the next one tries again.
        .catch(() => written.delete(key));
    },
    lastOf: async (tenant) => {
      const rows = await tables
        .selectFrom('account_uses')
        .select(['user_id', 'last_at'])
        .where('tenant', '=', tenant)
        .execute();
      return new Map(rows.map(({ user_id, last_at }) => [user_id, last_at]));
    },
  };
};
