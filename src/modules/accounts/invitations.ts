import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { errorCode } from '#core';
import { type Handler, json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import { openAccounts } from '../login/accounts.ts';
import { createAttempts, networkOf, tooMany } from '../login/attempts.ts';
import { mayNotGrant, notHeld } from '../permissions/granting.ts';
import { readRecord, unprocessable } from '../records/index.ts';
import { isUsable } from '../users/directory.ts';
import type { Invitation, OpenInvitation } from './contract.ts';
import type { AccountDeps } from './deps.ts';
import { createTrail } from './trail.ts';
import { readExpiry } from './expiry.ts';
import { makeLinkToken, readLinkToken } from './link-token.ts';
import { roleOf } from './roles.ts';

const DAY_MS = 86_400_000;
/** An invitation is for now: a week unless said otherwise, three months at most. */
const LIFE = { defaultMs: 7 * DAY_MS, longestMs: 92 * DAY_MS };

const inviteSchema = z.looseObject({
  role: z.enum(['viewer', 'editor', 'administrator', 'operator']),
  name: z.string().trim().max(200).optional(),
  expires: z.string().max(40).optional(),
});
const acceptSchema = z.looseObject({
  username: z.string().trim().min(1).max(255),
  password: z.string().min(8).max(1_000),
  firstName: z.string().trim().max(255).optional(),
  lastName: z.string().trim().min(1).max(255),
});

type Row = {
  tenant: string;
  id: string;
  token_hash: string;
  role: Invitation['role'];
  name: string | null;
  created_at: number;
  created_by: string;
  created_by_name: string;
  expires_at: number;
  used_at: number | null;
  used_by: string | null;
  revoked_at: number | null;
};
type Tables = { invitations: Row };

/** `/invitations`: links with which somebody makes his own account, once. */
export const invitationHandlers = (deps: AccountDeps): Readonly<Record<string, Handler>> => {
  const { database, users, permissions, snapshot, clock } = deps;
  const tables = database.as<Tables>();
  const accounts = openAccounts(database, clock);
  const trail = createTrail(deps.audit, users);
  const attempts = createAttempts(clock);

  /** The invitation of the link's token while it is good, or the answer that says why it is not. */
  const findOpen = async (request: ModuleRequest): Promise<Row | ModuleResponse> => {
    const { tenant, params, headers } = request;
    const key = `${tenant}\n${networkOf(headers)}`;
    const refusal = tooMany(attempts, key, 'invitations');
    if (refusal !== null) return refusal;
    const hash = readLinkToken(params['token'], tenant);
    const row =
      hash === null
        ? undefined
        : await tables
            .selectFrom('invitations')
            .selectAll()
            .where('tenant', '=', tenant)
            .where('token_hash', '=', hash)
            .executeTakeFirst();
    if (row === undefined) {
      attempts.failed(key);
      return text(404, 'There is no such invitation');
    }
    const state = stateOf(row, clock.now());
    if (state !== 'open') return text(410, GONE[state]);
    return (await mayStillInvite(row)) ? row : text(410, GONE.revoked);
  };
  /** Who has invited must hold what he has promised, still. */
  const mayStillInvite = async ({ tenant, created_by, role }: Row): Promise<boolean> => {
    const inviter = await users.find(tenant, created_by);
    if (inviter === undefined || !isUsable(inviter, clock.now())) return false;
    const held = (await permissions.heldBy(tenant, created_by)) ?? new Set<string>();
    return notHeld([`role.${role}`], held, await permissions.definitions(tenant)) === null;
  };

  return {
    'GET /invitations': async ({ tenant }) => {
      const rows = await tables
        .selectFrom('invitations')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(1_000)
        .execute();
      return json(200, { invitations: rows.map((row) => present(row, clock.now())) });
    },
    'POST /invitations': async (request) => {
      const read = await readRecord(request, inviteSchema);
      if ('refusal' in read) return read.refusal;
      const { tenant, userId, permissions: held } = request;
      const { role, name = '' } = read.record;
      const lacking = notHeld([`role.${role}`], new Set(held), await permissions.definitions(tenant));
      if (lacking !== null) return mayNotGrant(lacking);
      const now = clock.now();
      const expiry = readExpiry(read.record.expires, now, LIFE);
      if ('refusal' in expiry) return expiry.refusal;
      const { token, hash } = makeLinkToken(tenant);
      const row: Row = {
        tenant,
        id: randomUUID(),
        token_hash: hash,
        role,
        name: name === '' ? null : name,
        created_at: now,
        created_by: userId ?? '',
        created_by_name: (await users.find(tenant, userId ?? ''))?.username ?? '',
        expires_at: expiry.at,
        used_at: null,
        used_by: null,
        revoked_at: null,
      };
      await tables.insertInto('invitations').values(row).execute();
      await trail(request, `invited ${row.name ?? 'somebody'} as ${role}`);
      return json(201, { ...present(row, now), token, path: `/app/invitation/${token}` });
    },
    'DELETE /invitations/{id}': async (request) => {
      const { tenant, params } = request;
      const { numUpdatedRows } = await tables
        .updateTable('invitations')
        .set({ revoked_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('id', '=', params['id'] ?? '')
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return text(404, 'There is no such open invitation');
      await trail(request, 'took an invitation back');
      return { status: 204 };
    },
    'GET /invitations/{token}': async (request) => {
      const row = await findOpen(request);
      if ('status' in row) return row;
      const answer: OpenInvitation = {
        organization: { id: row.tenant, name: snapshot().byId(row.tenant)?.name ?? row.tenant },
        role: row.role,
        roleTitle: roleOf(row.role)?.title ?? row.role,
        name: row.name,
        invitedBy: row.created_by_name,
        expiresAt: new Date(row.expires_at).toISOString(),
      };
      return json(200, answer);
    },
    'POST /invitations/{token}/accept': async (request) => {
      const row = await findOpen(request);
      if ('status' in row) return row;
      const read = await readRecord(request, acceptSchema);
      if ('refusal' in read) return read.refusal;
      const { tenant } = request;
      const { username, password, firstName, lastName } = read.record;
      if ((await users.findBy(tenant, 'username', username)) !== undefined) return taken(username);
      // One statement decides who is first, also between several processes.
      const claim = tables.updateTable('invitations').where('tenant', '=', tenant).where('id', '=', row.id);
      const { numUpdatedRows } = await claim
        .set({ used_at: clock.now(), used_by: username })
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return text(410, GONE.used);
      try {
        const person = { tenant, username, password, permissions: [`role.${row.role}`], firstName, lastName };
        await accounts.add(person);
      } catch (error) {
        await claim.set({ used_at: null, used_by: null }).execute();
        const code = errorCode(error);
        if (code === 'ACCOUNT_EXISTS' || code === 'RECORD_EXISTS') return taken(username);
        throw error;
      }
      deps.forget();
      const by = { userName: username, path: '/invitations/{token}/accept' };
      await trail(request, `accepted the invitation as ${row.role} by ${row.created_by_name}`, by);
      return json(201, { tenant, username });
    },
  };
};

const GONE = {
  used: 'This invitation has been used already',
  expired: 'This invitation has expired; ask for a new one',
  revoked: 'This invitation has been taken back',
} as const;

const stateOf = ({ used_at, revoked_at, expires_at }: Row, now: number): Invitation['state'] => {
  if (used_at !== null) return 'used';
  if (revoked_at !== null) return 'revoked';
  return now < expires_at ? 'open' : 'expired';
};

const present = (row: Row, now: number): Invitation => ({
  id: row.id,
  role: row.role,
  name: row.name,
  createdAt: new Date(row.created_at).toISOString(),
  createdBy: row.created_by_name,
  expiresAt: new Date(row.expires_at).toISOString(),
  state: stateOf(row, now),
  usedBy: row.used_by,
});

const taken = (username: string): ModuleResponse =>
  unprocessable({
    message: 'This user name is taken',
    code: 'VALIDATION_ERROR',
    parameters: [{ key: 'username', value: username }],
  });
