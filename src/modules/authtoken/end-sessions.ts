import type { Clock } from '#core';
import type { Database } from '#database';
import type { SessionTables } from './session-tables.ts';

/** Ends all sessions of a user from wherever the control database is open: running gateways see it within `KEPT_MS`. */
export const endSessions = async (
  database: Database,
  clock: Clock,
  tenant: string,
  userId: string,
): Promise<void> => {
  const tables = database.as<SessionTables>();
  // Tokens count whole seconds; the next one may be issued within this very second and must be good.
  const before_ms = Math.floor(clock.now() / 1_000) * 1_000;
  await tables
    .insertInto('token_revocations')
    .values({ tenant, user_id: userId, before_ms })
    .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet({ before_ms }))
    .execute();
  await tables
    .updateTable('sessions')
    .set({ ended_at: clock.now() })
    .where('tenant', '=', tenant)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .execute();
  await tables
    .deleteFrom('refresh_tokens')
    .where('tenant', '=', tenant)
    .where('user_id', '=', userId)
    .execute();
};
