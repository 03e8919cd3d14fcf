import { randomUUID } from 'node:crypto';
import { type Clock, createKept } from '#core';
import type { Database } from '#database';
import { endSessions } from './end-sessions.ts';
import type { Sessions, SessionUser, TokenMint, TokenPair } from './session.ts';
import type { SessionTables } from './session-tables.ts';

const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;
const MOST_AGENT = 300;
/** How long ended sessions are remembered, for `lastSignIns`. */
const REMEMBERED_MS = 400 * 86_400_000;

/** Opens the sessions over the control database. */
export const openSessions = (database: Database, mint: TokenMint, clock: Clock): Sessions => {
  const tables = database.as<SessionTables>();
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

  const isKnown = async (tenant: string, id: string): Promise<boolean> => {
    const row = await tables
      .selectFrom('refresh_tokens')
      .select('id')
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row !== undefined;
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
        // Used before: somebody else has it, so nobody goes on. One that is not there any more (its session has ended) proves nothing.
        if (await isKnown(tenant, id)) await sessions.end(tenant, userId);
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
