import { z } from 'zod';
import { type Handler, json, text } from '#gateway/contract';
import { mayNotGrant, notHeld } from '../permissions/granting.ts';
import { readRecord } from '../records/index.ts';
import { isUsable } from '../users/directory.ts';
import type { ApiKey } from './contract.ts';
import type { AccountDeps } from './deps.ts';
import { createTrail } from './trail.ts';
import { readExpiry } from './expiry.ts';
import { findMaker } from './maker.ts';
import { type ServiceAccount, stateOf } from './service-accounts.ts';
import { hostname } from './site.ts';

const YEAR_MS = 365 * 86_400_000;
/** A key is for machines that nobody looks at every day: a year unless said otherwise, five at most. */
const LIFE = { defaultMs: YEAR_MS, longestMs: 5 * YEAR_MS };

const keySchema = z.looseObject({
  name: z.string().trim().min(1).max(100),
  permissions: z.array(z.string().min(1).max(255)).min(1).max(100),
  site: hostname.nullish(),
  expires: z.string().max(40).nullish(),
});

/** `/api-keys`: tokens for programs, which may do what they were given and no more. */
export const apiKeyHandlers = (deps: AccountDeps): Readonly<Record<string, Handler>> => {
  const { users, permissions, services, tokens, uses, clock } = deps;
  const trail = createTrail(deps.audit, users);
  /** Asks once for each maker, however many keys he has made. */
  const activityOfMakers = (tenant: string): ((key: ServiceAccount) => Promise<boolean>) => {
    const known = new Map<string, Promise<boolean>>();
    return (key) => {
      const name = key.maker === undefined ? `name ${key.createdBy}` : `id ${key.maker.userId}`;
      const isActive =
        known.get(name) ??
        findMaker(users, tenant, key).then(
          (maker) => maker !== undefined && isUsable(maker.user, clock.now()),
        );
      known.set(name, isActive);
      return isActive;
    };
  };
  return {
    'GET /api-keys': async ({ tenant }) => {
      const [keys, lastUses] = await Promise.all([services.list(tenant, 'api-key'), uses.lastOf(tenant)]);
      const isMakerActive = activityOfMakers(tenant);
      const presented = keys.map(async (key) =>
        present(key, await isMakerActive(key), lastUses.get(key.id), clock.now()),
      );
      return json(200, { keys: await Promise.all(presented) });
    },
    'POST /api-keys': async (request) => {
      const read = await readRecord(request, keySchema);
      if ('refusal' in read) return read.refusal;
      const { tenant, userId } = request;
      const wanted = [...new Set(read.record.permissions)];
      const definitions = await permissions.definitions(tenant);
      const lacking = notHeld(wanted, new Set(request.permissions), definitions);
      if (lacking !== null) return mayNotGrant(lacking);
      const now = clock.now();
      const expiry = readExpiry(read.record.expires, now, LIFE);
      if ('refusal' in expiry) return expiry.refusal;
      const key = await services.add(tenant, {
        kind: 'api-key',
        name: read.record.name,
        permissions: wanted,
        createdBy: (await users.find(tenant, userId ?? ''))?.username ?? '',
        ...(userId !== null && { maker: { tenant, userId } }),
        expiresAt: expiry.at,
        site: read.record.site ?? null,
        share: null,
        tokenHash: null,
      });
      const { token } = tokens.mintAccess({
        tenant,
        userId: key.id,
        subject: `api-key-${key.id}`,
        id: key.id,
        expiresAt: key.expiresAt,
      });
      const where = key.site === null ? '' : ` for ${key.site}`;
      await trail(request, `made the API key ${key.name}: ${wanted.join(', ')}${where}`);
      return json(201, { ...present(key, true, undefined, now), key: token });
    },
    'DELETE /api-keys/{id}': async (request) => {
      const key = await services.find(request.tenant, request.params['id'] ?? '');
      if (key === undefined || !(await services.revoke(request.tenant, 'api-key', key.id)))
        return text(404, 'There is no such API key');
      await trail(request, `revoked the API key ${key.name}`);
      return { status: 204 };
    },
  };
};

const present = (
  key: ServiceAccount,
  isMakerActive: boolean,
  lastUsedAt: number | undefined,
  now: number,
): ApiKey => ({
  id: key.id,
  name: key.name,
  permissions: key.permissions,
  site: key.site,
  createdAt: new Date(key.createdAt).toISOString(),
  createdBy: key.createdBy,
  isMakerActive,
  expiresAt: new Date(key.expiresAt).toISOString(),
  lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
  state: stateOf(key, now),
});
