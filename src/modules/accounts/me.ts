import { z } from 'zod';
import { type Handler, json, type ModuleRequest, text } from '#gateway/contract';
import { effective } from '../authtoken/authorise.ts';
import { organizationsOf } from '../organizations/module.ts';
import { readRecord, stamp } from '../records/index.ts';
import { isShadowOf, type User } from '../users/directory.ts';
import type { AccountDeps } from './deps.ts';
import type { AccountKind, Me, Session } from './contract.ts';
import { highestRole } from './roles.ts';

const namesSchema = z.looseObject({
  firstName: z.string().trim().max(255).optional(),
  lastName: z.string().trim().min(1).max(255),
  email: z.union([z.email().max(320), z.literal('')]).optional(),
});

/** `/accounts/me` and the caller's own sessions. */
export const meHandlers = (deps: AccountDeps): Readonly<Record<string, Handler>> => {
  const { users, permissions, sessions, snapshot, clock } = deps;
  const findMe = async ({ originTenant, userId }: ModuleRequest): Promise<User | undefined> =>
    userId === null ? undefined : users.find(originTenant, userId);
  const authority = {
    heldBy: permissions.heldBy,
    hasShadow: async (tenant: string, userId: string, origin: string): Promise<boolean> => {
      const user = await users.find(tenant, userId);
      return user !== undefined && isShadowOf(user, origin, clock.now());
    },
  };

  return {
    'GET /accounts/me': async (request) => {
      const user = await findMe(request);
      if (user === undefined) return SIGN_IN;
      const { originTenant } = request;
      const wanted = request.query.get('tenant') ?? request.tenant;
      const organizations = organizationsOf(snapshot(), originTenant, clock.now());
      const there = organizations.find(({ id }) => id === wanted);
      const home = organizations.find(({ isHome }) => isHome);
      if (there === undefined || home === undefined)
        return text(403, `tenant ${JSON.stringify(wanted.slice(0, 100))} cannot be used for this request`);
      const held = await Promise.all(
        there.isHome
          ? [
              effective(
                { tenant: wanted, originTenant, ceiling: null, requiresAccount: false },
                authority,
                user.id,
              ),
            ]
          : there.relations.map((relation) =>
              effective(
                {
                  tenant: wanted,
                  originTenant,
                  ceiling: relation.permissions,
                  requiresAccount: relation.requiresAccount,
                },
                authority,
                user.id,
              ),
            ),
      );
      const assigned = await permissions.users.findBy(originTenant, 'userId', user.id);
      const ends = there.relations.map(({ expiresAt }) => expiresAt);
      const me: Me = {
        userId: user.id,
        username: nameOf(user),
        kind: kindOf(user),
        firstName: user.personal?.firstName ?? null,
        lastName: user.personal?.lastName ?? null,
        email: user.personal?.email ?? null,
        role: highestRole(assigned?.permissions ?? []),
        home: { id: home.id, name: home.name },
        tenant: { id: there.id, name: there.name },
        permissions: [...new Set(held.flatMap((names) => [...names]))].toSorted(),
        actingAs: there.isHome
          ? null
          : { relations: there.relations, until: ends.includes(null) ? null : latest(ends) },
        expiresAt: user.expirationDate ?? null,
      };
      return json(200, me);
    },
    'PUT /accounts/me': async (request) => {
      const user = await findMe(request);
      if (user === undefined) return SIGN_IN;
      if (kindOf(user) !== 'person') return text(403, 'Only people have a profile');
      const read = await readRecord(request, namesSchema);
      if ('refusal' in read) return read.refusal;
      const { firstName, lastName, email } = read.record;
      await users.replace(request.originTenant, {
        ...user,
        personal: {
          ...user.personal,
          lastName,
          firstName: firstName === '' ? undefined : firstName,
          email: email === '' ? undefined : email,
        },
        metadata: stamp(request, clock.now(), user.metadata),
      });
      return { status: 204 };
    },
    'GET /accounts/sessions': async (request) => {
      if (request.userId === null) return SIGN_IN;
      const list = await sessions.list(request.originTenant, request.userId);
      const answer: readonly Session[] = list.map((session) => ({
        id: session.id,
        startedAt: new Date(session.startedAt).toISOString(),
        seenAt: new Date(session.seenAt).toISOString(),
        expiresAt: new Date(session.expiresAt).toISOString(),
        agent: session.agent,
        isCurrent: session.id === request.sessionId,
      }));
      return json(200, { sessions: answer });
    },
    'DELETE /accounts/sessions/{id}': async (request) => {
      const { originTenant, userId, params } = request;
      if (userId === null) return SIGN_IN;
      return (await sessions.endOne(originTenant, userId, params['id'] ?? ''))
        ? { status: 204 }
        : text(404, 'There is no such session');
    },
  };
};

/** What kind of account a user is. */
export const kindOf = ({ type }: Pick<User, 'type'>): AccountKind =>
  type === 'api-key' || type === 'share' ? type : 'person';

/** Service accounts are known by the name that they were given. */
const nameOf = (user: User): string =>
  kindOf(user) === 'person' ? user.username : (user.personal?.lastName ?? user.username);

const SIGN_IN = text(401, 'Sign in first');

const latest = (moments: readonly (string | null)[]): string | null =>
  moments
    .flatMap((moment) => moment ?? [])
    .toSorted()
    .at(-1) ?? null;
