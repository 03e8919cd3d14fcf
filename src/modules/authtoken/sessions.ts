import { randomUUID } from 'node:crypto';
import { type Clock, createKept } from '#core';
import type { Database } from '#database';

/** What the sessions need of the gateway's tokens; handed in, since a module never imports the gateway. */
export interface TokenMint {
  mintAccess(user: SessionUser): { readonly token: string; readonly expiresAt: number };
  mintRefresh(user: SessionUser, id: string): { readonly token: string; readonly expiresAt: number };
  verify(
    token: string,
  ):
    | { readonly kind: 'verified'; readonly claims: VerifiedClaims }
    | { readonly kind: 'refused'; readonly reason: string };
}

/** Whose session it is. */
export interface SessionUser {
  readonly tenant: string;
  readonly userId: string;
  /** User name. */
  readonly subject: string;
}

type VerifiedClaims =
  | (SessionUser & { readonly kind: 'refresh'; readonly id: string })
  | { readonly kind: 'access' | 'module' };

/** A pair of tokens; moments are epoch ms. */
export interface TokenPair extends SessionUser {
  readonly accessToken: string;
  readonly accessTokenExpiration: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiration: number;
}

/** Sessions of users: pairs of a short access token and a refresh token that is good once. */
export interface Sessions {
  open(user: SessionUser): Promise<TokenPair>;
  /**
   * A new pair for a refresh token of this tenant; null: it is not good. One that was used before is in wrong hands, so every session
   * of the user ends. Source: RFC 9700, 4.14.2.
   */
  refresh(tenant: string, refreshToken: string): Promise<TokenPair | null>;
  /** Ends all sessions of a user: tokens issued before now are refused, by other processes within `KEPT_MS`. */
  end(tenant: string, userId: string): Promise<void>;
  /** Tokens of the user that were issued before this instant (epoch ms) are void; 0: none. */
  voidBefore(tenant: string, userId: string): Promise<number>;
}

const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;

type Tables = {
  refresh_tokens: { tenant: string; id: string; user_id: string; expires_at: number; used_at: number | null };
  token_revocations: { tenant: string; user_id: string; before_ms: number };
};

/** Opens the sessions over the control database. */
export const openSessions = (database: Database, mint: TokenMint, clock: Clock): Sessions => {
  const tables = database.as<Tables>();
  const voidings = createKept(KEPT_MS, MOST_KEPT, clock, async (key) => {
    const [tenant = '', userId = ''] = key.split('\n');
    const row = await tables
      .selectFrom('token_revocations')
      .select('before_ms')
      .where('tenant', '=', tenant)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row?.before_ms ?? 0;
  });

  const sessions: Sessions = {
    open: async (user) => {
      const id = randomUUID();
      const access = mint.mintAccess(user);
      const refresh = mint.mintRefresh(user, id);
      const row = {
        tenant: user.tenant,
        id,
        user_id: user.userId,
        expires_at: refresh.expiresAt,
        used_at: null,
      };
      await tables.insertInto('refresh_tokens').values(row).execute();
      await tables.deleteFrom('refresh_tokens').where('expires_at', '<', clock.now()).execute();
      return {
        ...user,
        accessToken: access.token,
        accessTokenExpiration: access.expiresAt,
        refreshToken: refresh.token,
        refreshTokenExpiration: refresh.expiresAt,
      };
    },
    refresh: async (tenant, refreshToken) => {
      const verified = mint.verify(refreshToken);
      if (verified.kind !== 'verified' || verified.claims.kind !== 'refresh') return null;
      const { id, userId, subject, tenant: home } = verified.claims;
      if (home !== tenant) return null;
      // One statement decides who is first, also between several processes.
      const { numUpdatedRows } = await tables
        .updateTable('refresh_tokens')
        .set({ used_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 1n) return sessions.open({ tenant, userId, subject });
      await sessions.end(tenant, userId);
      return null;
    },
    end: async (tenant, userId) => {
      await endSessions(database, clock, tenant, userId);
      voidings.forget();
    },
    voidBefore: (tenant, userId) => voidings.get(`${tenant}\n${userId}`),
  };
  return sessions;
};

/** Ends all sessions of a user from wherever the control database is open: running gateways see it within `KEPT_MS`. */
export const endSessions = async (
  database: Database,
  clock: Clock,
  tenant: string,
  userId: string,
): Promise<void> => {
  const tables = database.as<Tables>();
  // Tokens count whole seconds; the next one may be issued within this very second and must be good.
  const before_ms = Math.floor(clock.now() / 1_000) * 1_000;
  await tables
    .insertInto('token_revocations')
    .values({ tenant, user_id: userId, before_ms })
    .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet({ before_ms }))
    .execute();
  await tables
    .deleteFrom('refresh_tokens')
    .where('tenant', '=', tenant)
    .where('user_id', '=', userId)
    .execute();
};
