import type { Clock } from '#core';
import type { Database } from '#database';
import { endSessions } from '../authtoken/end-sessions.ts';

/** Every way into an organization; what a tenant's people have made (notes, configuration) is not here. */
const WAYS_IN = [
  'credentials',
  'invitations',
  'service_accounts',
  'account_uses',
  'permission_users',
  'user_tenants',
  'users',
] as const;

type Tables = Record<(typeof WAYS_IN)[number], { tenant: string; id: string }>;

/**
 * Takes away every way into a tenant that is deleted: accounts, passwords, what they hold, sessions, API keys, links. Whoever gets the id later is another
 * organization, and nobody of the old one may find his account there.
 */
export const forgetTenantAccess = async (database: Database, clock: Clock, tenant: string): Promise<void> => {
  const tables = database.as<Tables>();
  const users = await tables.selectFrom('users').select('id').where('tenant', '=', tenant).execute();
  for (const { id } of users) await endSessions(database, clock, tenant, id);
  for (const table of WAYS_IN) await tables.deleteFrom(table).where('tenant', '=', tenant).execute();
};
