import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Handler, json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import { LAST_ADMINISTRATOR } from '../permissions/administrators.ts';
import type { PermissionUser } from '../permissions/directory.ts';
import { holdsMore, mayNotGrant, notHeld } from '../permissions/granting.ts';
import { readRecord, stamp } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import type { Person, RoleView } from './contract.ts';
import type { AccountDeps } from './deps.ts';
import { createTrail } from './trail.ts';
import { kindOf } from './me.ts';
import { highestRole, ROLES } from './roles.ts';

const changeSchema = z.looseObject({
  role: z.enum(['viewer', 'editor', 'administrator', 'operator']).nullable().optional(),
  active: z.boolean().optional(),
});

/** `/accounts/people` and `/accounts/roles`: who belongs to the organization, and as what. */
export const peopleHandlers = (deps: AccountDeps): Readonly<Record<string, Handler>> => {
  const { users, permissions, sessions, lastAdministrator, clock } = deps;
  const trail = createTrail(deps.audit, users);

  /** How the people of the caller's organization look to him. */
  const describing = async (request: ModuleRequest) => {
    const [definitions, lastSignIns] = await Promise.all([
      permissions.definitions(request.tenant),
      sessions.lastSignIns(request.tenant),
    ]);
    const held = new Set(request.permissions);
    return (user: User, assigned: readonly string[]): Person => ({
      id: user.id,
      username: user.username,
      firstName: user.personal?.firstName ?? null,
      lastName: user.personal?.lastName ?? null,
      email: user.personal?.email ?? null,
      active: user.active,
      role: highestRole(assigned),
      otherPermissions: assigned.filter((name) => !isRoleSet(name)),
      lastSignInAt: momentOf(lastSignIns.get(user.id)),
      isMe: user.id === request.userId,
      mayChange: notHeld(assigned, held, definitions) === null,
    });
  };
  const assignedTo = async (tenant: string, userId: string): Promise<PermissionUser | undefined> =>
    permissions.users.findBy(tenant, 'userId', userId);

  return {
    'GET /accounts/roles': async (request) => {
      if (request.userId === null) return text(401, 'Sign in first');
      const definitions = await permissions.definitions(request.tenant);
      const held = new Set(request.permissions);
      const roles: readonly RoleView[] = ROLES.map((role) => ({
        name: role.name,
        title: role.title,
        description: role.description,
        permissions: role.permissions,
        mayGrant: notHeld([role.set], held, definitions) === null,
      }));
      return json(200, { roles });
    },
    'GET /accounts/people': async (request) => {
      const { tenant } = request;
      const all = { query: 'cql.allRecords=1 sortby username', offset: 0, limit: 10_000 };
      const [{ records }, { records: holders }, describe] = await Promise.all([
        users.list(tenant, all),
        permissions.users.list(tenant, { ...all, query: '' }),
        describing(request),
      ]);
      const assigned = new Map(holders.map((holder) => [holder.userId, holder.permissions]));
      const people = records
        .filter((user) => kindOf(user) === 'person')
        .map((user) => describe(user, assigned.get(user.id) ?? []));
      return json(200, { people });
    },
    'PUT /accounts/people/{id}': async (request) => {
      const read = await readRecord(request, changeSchema);
      if ('refusal' in read) return read.refusal;
      const { tenant } = request;
      const { id = '' } = request.params;
      const user = await users.find(tenant, id);
      if (user === undefined || kindOf(user) !== 'person') return text(404, 'There is no such person');
      const before = await assignedTo(tenant, id);
      const after = withRole(before?.permissions ?? [], read.record.role);
      const active = read.record.active ?? user.active;
      const refusal = await refusedChange(request, user, before?.permissions ?? [], after, active);
      if (refusal !== null) return refusal;
      if (before === undefined)
        await permissions.users.add(tenant, { id: randomUUID(), userId: id, permissions: after });
      else await permissions.users.replace(tenant, { ...before, permissions: after });
      const changed = { ...user, active, metadata: stamp(request, clock.now(), user.metadata) };
      await users.replace(tenant, changed);
      if (!active) await sessions.end(tenant, id);
      deps.forget();
      await trail(request, changeWords(user, read.record));
      return json(200, (await describing(request))(changed, after));
    },
  };

  /** One changes only who holds no more than oneself, gives only what one holds, and leaves an administrator. */
  async function refusedChange(
    request: ModuleRequest,
    user: User,
    before: readonly string[],
    after: readonly string[],
    active: boolean,
  ): Promise<ModuleResponse | null> {
    const definitions = await permissions.definitions(request.tenant);
    const held = new Set(request.permissions);
    const more = notHeld(before, held, definitions);
    if (more !== null) return holdsMore(more);
    const lacking = notHeld(after, held, definitions);
    if (lacking !== null) return mayNotGrant(lacking);
    const left = active ? after : [];
    return (await lastAdministrator(request.tenant, user.id, left)) ? LAST_ADMINISTRATOR : null;
  }
};

const momentOf = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : new Date(epochMs).toISOString();

const changeWords = ({ username }: User, { role, active }: z.infer<typeof changeSchema>): string =>
  [
    ...(role === undefined
      ? []
      : [role === null ? `took the role of ${username}` : `made ${username} ${role}`]),
    ...(active === undefined ? [] : [`${active ? 'activated' : 'deactivated'} ${username}`]),
  ].join(', ');

const isRoleSet = (name: string): boolean => ROLES.some(({ set }) => set === name);

/** Undefined leaves the role as it is, null takes it away. */
const withRole = (permissions: readonly string[], role: string | null | undefined): readonly string[] => {
  if (role === undefined) return permissions;
  const others = permissions.filter((name) => !isRoleSet(name));
  return role === null ? others : [...others, `role.${role}`];
};
