import { randomUUID } from 'node:crypto';
import type { Clock } from '#core';
import type { Database } from '#database';
import type { Sessions } from '../authtoken/session.ts';
import type { PermissionDirectory } from '../permissions/directory.ts';
import type { Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import type { ShareSelection } from './contract.ts';

/** An account that is no person: an API key or a share link. Moments are epoch ms. */
export interface ServiceAccount {
  /** Id of its user. */
  readonly id: string;
  readonly kind: 'api-key' | 'share';
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: number;
  /** User name of whoever made it. */
  readonly createdBy: string;
  /** Whoever made it, and where he belongs; not known of those made before this was kept. */
  readonly maker?: { readonly tenant: string; readonly userId: string };
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** API keys: the site to which it is held; null: to none. */
  readonly site: string | null;
  /** Shares: what it shows. */
  readonly share: { readonly page: string; readonly selection: ShareSelection } | null;
}

/** A service account that is to be made. */
export type NewServiceAccount = Omit<ServiceAccount, 'id' | 'createdAt' | 'revokedAt'> & {
  /** Of the token in its link; null: it has none. */
  readonly tokenHash: string | null;
};

/** The service accounts of all tenants, each question about one tenant. */
export interface ServiceAccounts {
  /** Makes the user, what it may do, and the record. */
  add(tenant: string, account: NewServiceAccount): Promise<ServiceAccount>;
  find(tenant: string, id: string): Promise<ServiceAccount | undefined>;
  findByToken(tenant: string, tokenHash: string): Promise<ServiceAccount | undefined>;
  /** The newest first, ended ones included, at most 1,000. */
  list(tenant: string, kind: ServiceAccount['kind']): Promise<readonly ServiceAccount[]>;
  /** Ends it for ever: its user and sessions go. False: there is none, or it was revoked before. */
  revoke(tenant: string, kind: ServiceAccount['kind'], id: string): Promise<boolean>;
}

/** What service accounts are made with. */
export interface ServiceAccountDeps {
  readonly database: Database;
  readonly users: Records<User>;
  readonly permissions: PermissionDirectory;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** Lets go of what is remembered about users, so that a revoked one is refused at once here. */
  readonly forget: () => void;
}

type Tables = {
  service_accounts: {
    tenant: string;
    user_id: string;
    kind: string;
    token_hash: string;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
    doc: string;
  };
};

/** Opens the service accounts over the control database. */
export const openServiceAccounts = (deps: ServiceAccountDeps): ServiceAccounts => {
  const { users, permissions, sessions, clock } = deps;
  const tables = deps.database.as<Tables>();
  const rows = (tenant: string) =>
    tables.selectFrom('service_accounts').select(['doc', 'revoked_at']).where('tenant', '=', tenant);

  return {
    add: async (tenant, { tokenHash, ...wish }) => {
      const now = clock.now();
      const account: ServiceAccount = { ...wish, id: randomUUID(), createdAt: now, revokedAt: null };
      const { id, kind, name, expiresAt } = account;
      const date = new Date(now).toISOString();
      await users.add(tenant, {
        id,
        username: `${kind}-${id}`,
        active: true,
        type: kind,
        personal: { lastName: name },
        expirationDate: new Date(expiresAt).toISOString(),
        metadata: { createdDate: date, updatedDate: date },
      });
      await permissions.users.add(tenant, { id: randomUUID(), userId: id, permissions: account.permissions });
      const row = { tenant, user_id: id, kind, token_hash: tokenHash ?? id, created_at: now };
      await tables
        .insertInto('service_accounts')
        .values({ ...row, expires_at: expiresAt, revoked_at: null, doc: JSON.stringify(account) })
        .execute();
      return account;
    },
    find: async (tenant, id) => read(await rows(tenant).where('user_id', '=', id).executeTakeFirst()),
    findByToken: async (tenant, tokenHash) =>
      read(await rows(tenant).where('token_hash', '=', tokenHash).executeTakeFirst()),
    list: async (tenant, kind) => {
      const all = rows(tenant).where('kind', '=', kind).orderBy('created_at', 'desc').orderBy('user_id');
      return (await all.limit(1_000).execute()).flatMap((row) => read(row) ?? []);
    },
    revoke: async (tenant, kind, id) => {
      const { numUpdatedRows } = await tables
        .updateTable('service_accounts')
        .set({ revoked_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .where('user_id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      const held = await permissions.users.findBy(tenant, 'userId', id);
      if (held !== undefined) await permissions.users.remove(tenant, held.id);
      await users.remove(tenant, id);
      await sessions.end(tenant, id);
      deps.forget();
      return true;
    },
  };
};

/** Whether an account is still good. */
export const stateOf = (
  { revokedAt, expiresAt }: Pick<ServiceAccount, 'revokedAt' | 'expiresAt'>,
  now: number,
): 'active' | 'expired' | 'revoked' => {
  if (revokedAt !== null) return 'revoked';
  return now < expiresAt ? 'active' : 'expired';
};

const read = (
  row: { readonly doc: string; readonly revoked_at: number | null } | undefined,
): ServiceAccount | undefined =>
  row === undefined ? undefined : { ...(JSON.parse(row.doc) as ServiceAccount), revokedAt: row.revoked_at };
