import { randomUUID } from 'node:crypto';
import { type Clock, createKept } from '#core';
import type { Database } from '#database';

/** What the sessions need of the gateway's tokens; handed in, since a module never imports the gateway. */
export interface TokenMint {
  /** `id`: the session; `expiresAt` (epoch ms): end of the token, when it is not the configured one. */
  mintAccess(user: SessionUser & { readonly id?: string; readonly expiresAt?: number }): {
    readonly token: string;
    readonly expiresAt: number;
  };
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
  readonly sessionId: string;
  readonly accessToken: string;
  readonly accessTokenExpiration: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiration: number;
}

/** A session as its user sees it; moments are epoch ms. */
export interface SessionRecord {
  readonly id: string;
  readonly startedAt: number;
  /** When it was renewed last. */
  readonly seenAt: number;
  readonly expiresAt: number;
  /** As the browser called itself when it signed in: text from outside, at most `MOST_AGENT` characters. */
  readonly agent: string;
}

/** Sessions of users: pairs of a short access token and a refresh token that is good once. */
export interface Sessions {
  open(user: SessionUser, agent?: string): Promise<TokenPair>;
  /**
   * A new pair for a refresh token of this tenant; null: it is not good. One that was used before is in wrong hands, so every session
   * of the user ends. Source: RFC 9700, 4.14.2.
   */
  refresh(tenant: string, refreshToken: string): Promise<TokenPair | null>;
  /** Ends all sessions of a user: tokens issued before now are refused, by other processes within `KEPT_MS`. */
  end(tenant: string, userId: string): Promise<void>;
  /** Ends one session of a user; its tokens are refused as after `end`. False: he has no such session. */
  endOne(tenant: string, userId: string, sessionId: string): Promise<boolean>;
  /** The session of a refresh token of this tenant, used or not; null: it is not good. */
  sessionOf(tenant: string, refreshToken: string): Promise<{ userId: string; sessionId: string } | null>;
  /** Sessions that go on, the one seen last first. */
  list(tenant: string, userId: string): Promise<readonly SessionRecord[]>;
  /** When each user of the tenant signed in last (epoch ms), as far as sessions are remembered. */
  lastSignIns(tenant: string): Promise<ReadonlyMap<string, number>>;
  /** Tokens of the user that were issued before this instant (epoch ms) are void; 0: none. */
  voidBefore(tenant: string, userId: string): Promise<number>;
  /** Has this session of the user been ended? */
  isEnded(tenant: string, userId: string, sessionId: string): Promise<boolean>;
}

const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;
const MOST_AGENT = 300;
/** How long ended sessions are remembered, for `lastSignIns`. */
const REMEMBERED_MS = 400 * 86_400_000;

type Tables = {
  refresh_tokens: {
    tenant: string;
    id: string;
    user_id: string;
    expires_at: number;
    used_at: number | null;
    session_id: string;
  };
  token_revocations: { tenant: string; user_id: string; before_ms: number };
  sessions: {
    tenant: string;
    id: string;
    user_id: string;
    started_at: number;
    seen_at: number;
    expires_at: number;
    ended_at: number | null;
    agent: string;
  };
};

/** Opens the sessions over the control database. */
export const openSessions = (database: Database, mint: TokenMint, clock: Clock): Sessions => {
  const tables = database.as<Tables>();
  const ends = createKept(KEPT_MS, MOST_KEPT, clock, async (key) => {
    const [tenant = '', userId = ''] = key.split('\n');
    const [revocation, ended] = await Promise.all([
      tables
        .selectFrom('token_revocations')
        .select('before_ms')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .executeTakeFirst(),
      tables
        .selectFrom('sessions')
        .select('id')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .where('ended_at', 'is not', null)
        .where('expires_at', '>', clock.now())
        .execute(),
    ]);
    return { beforeMs: revocation?.before_ms ?? 0, ended: new Set(ended.map(({ id }) => id)) };
  });
  const pairFor = async (user: SessionUser, sessionId: string): Promise<TokenPair> => {
    const id = randomUUID();
    const access = mint.mintAccess({ ...user, id: sessionId });
    const refresh = mint.mintRefresh(user, id);
    const row = {
      tenant: user.tenant,
      id,
      user_id: user.userId,
      expires_at: refresh.expiresAt,
      used_at: null,
      session_id: sessionId,
    };
    await tables.insertInto('refresh_tokens').values(row).execute();
    return {
      tenant: user.tenant,
      userId: user.userId,
      subject: user.subject,
      sessionId,
      accessToken: access.token,
      accessTokenExpiration: access.expiresAt,
      refreshToken: refresh.token,
      refreshTokenExpiration: refresh.expiresAt,
    };
  };
  const refreshClaims = (tenant: string, refreshToken: string) => {
    const verified = mint.verify(refreshToken);
    if (verified.kind !== 'verified' || verified.claims.kind !== 'refresh') return null;
    return verified.claims.tenant === tenant ? verified.claims : null;
  };

  const sessions: Sessions = {
    open: async (user, agent = '') => {
      const sessionId = randomUUID();
      const pair = await pairFor(user, sessionId);
      const now = clock.now();
      await tables
        .insertInto('sessions')
        .values({
          tenant: user.tenant,
          id: sessionId,
          user_id: user.userId,
          started_at: now,
          seen_at: now,
          expires_at: pair.refreshTokenExpiration,
          ended_at: null,
          agent: agent.slice(0, MOST_AGENT),
        })
        .execute();
      await tables.deleteFrom('refresh_tokens').where('expires_at', '<', now).execute();
      await tables
        .deleteFrom('sessions')
        .where('expires_at', '<', now - REMEMBERED_MS)
        .execute();
      return pair;
    },
    refresh: async (tenant, refreshToken) => {
      const claims = refreshClaims(tenant, refreshToken);
      if (claims === null) return null;
      const { id, userId, subject } = claims;
      // One statement decides who is first, also between several processes.
      const used = await tables
        .updateTable('refresh_tokens')
        .set({ used_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .returning('session_id')
        .executeTakeFirst();
      if (used === undefined) {
        await sessions.end(tenant, userId);
        return null;
      }
      const pair = await pairFor({ tenant, userId, subject }, used.session_id);
      await tables
        .updateTable('sessions')
        .set({ seen_at: clock.now(), expires_at: pair.refreshTokenExpiration })
        .where('tenant', '=', tenant)
        .where('id', '=', used.session_id)
        .execute();
      return pair;
    },
    end: async (tenant, userId) => {
      await endSessions(database, clock, tenant, userId);
      ends.forget();
    },
    endOne: async (tenant, userId, sessionId) => {
      const { numUpdatedRows } = await tables
        .updateTable('sessions')
        .set({ ended_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('id', '=', sessionId)
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      await tables
        .deleteFrom('refresh_tokens')
        .where('tenant', '=', tenant)
        .where('session_id', '=', sessionId)
        .where('user_id', '=', userId)
        .execute();
      ends.forget();
      return numUpdatedRows > 0n;
    },
    sessionOf: async (tenant, refreshToken) => {
      const claims = refreshClaims(tenant, refreshToken);
      if (claims === null) return null;
      const row = await tables
        .selectFrom('refresh_tokens')
        .select(['user_id', 'session_id'])
        .where('tenant', '=', tenant)
        .where('id', '=', claims.id)
        .executeTakeFirst();
      return row === undefined ? null : { userId: row.user_id, sessionId: row.session_id };
    },
    list: async (tenant, userId) => {
      const rows = await tables
        .selectFrom('sessions')
        .select(['id', 'started_at', 'seen_at', 'expires_at', 'agent'])
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', clock.now())
        .orderBy('seen_at', 'desc')
        .limit(100)
        .execute();
      return rows.map(({ id, started_at, seen_at, expires_at, agent }) => ({
        id,
        startedAt: started_at,
        seenAt: seen_at,
        expiresAt: expires_at,
        agent,
      }));
    },
    lastSignIns: async (tenant) => {
      const rows = await tables
        .selectFrom('sessions')
        .select(['user_id', (build) => build.fn.max('started_at').as('last')])
        .where('tenant', '=', tenant)
        .groupBy('user_id')
        .execute();
      return new Map(rows.map(({ user_id, last }) => [user_id, Number(last)]));
    },
    voidBefore: async (tenant, userId) => (await ends.get(`${tenant}\n${userId}`)).beforeMs,
    isEnded: async (tenant, userId, sessionId) =>
      (await ends.get(`${tenant}\n${userId}`)).ended.has(sessionId),
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
