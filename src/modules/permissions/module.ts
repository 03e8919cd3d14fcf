import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { errorCode } from '#core';
import {
  type Handler,
  json,
  type Module,
  type ModuleRequest,
  type ModuleResponse,
  text,
} from '#gateway/contract';
import {
  type FieldsOf,
  pageOf,
  pathPart,
  readPage,
  readRecord,
  unprocessable,
  uuid,
} from '../records/index.ts';
import { permissionsDescriptor } from './descriptor.ts';
import type { PermissionDirectory, PermissionUser } from './directory.ts';
import { expandPermissions, type Permission } from './expansion.ts';
import { LAST_ADMINISTRATOR, type LastAdministrator } from './administrators.ts';
import { holdsMore, mayNotGrant, notHeld } from './granting.ts';

const name = z.string().min(1).max(255);
const permissionUserSchema = z.looseObject({
  id: uuid.optional(),
  userId: uuid,
  permissions: z.array(name).max(10_000).default([]),
});
const permissionSchema = z.looseObject({
  permissionName: name,
  displayName: z.string().optional(),
  description: z.string().optional(),
  subPermissions: z.array(name).optional(),
  visible: z.boolean().optional(),
});
const announcementSchema = z.looseObject({ moduleId: name, perms: z.array(permissionSchema).default([]) });

/** The permissions module: which permissions there are in a tenant and who holds them. Nobody grants what he does not hold. */
export const createPermissionsModule = (
  directory: PermissionDirectory,
  lastAdministrator: LastAdministrator,
): Module => ({
  descriptor: permissionsDescriptor,
  handlers: { ...userHandlers(directory, lastAdministrator), ...definitionHandlers(directory) },
});

const userHandlers = (
  { users, definitions }: PermissionDirectory,
  lastAdministrator: LastAdministrator,
): Readonly<Record<string, Handler>> => {
  /** `{id}` is the record's id, or the user's with `indexField=userId`. */
  const findUser = ({ tenant, params, query }: ModuleRequest): Promise<PermissionUser | undefined> => {
    const id = params['id'] ?? '';
    return query.get('indexField') === 'userId' ? users.findBy(tenant, 'userId', id) : users.find(tenant, id);
  };
  const noUser = (request: ModuleRequest) => text(404, `User does not exist: ${request.params['id'] ?? ''}`);
  /** Entries that grant are told all that the caller holds here, by `permissionsDesired: ["*"]`. */
  const refusedGrant = async (
    { tenant, permissions }: ModuleRequest,
    names: readonly string[],
    before: readonly string[] = [],
  ): Promise<ModuleResponse | null> => {
    const added = names.filter((each) => !before.includes(each));
    const lacking = notHeld(added, new Set(permissions), await definitions(tenant));
    return lacking === null ? null : mayNotGrant(lacking);
  };
  /** Nobody takes away what he does not hold, and the last administrator stays. */
  const refusedLoss = async (
    { tenant, permissions }: ModuleRequest,
    { userId, permissions: before }: PermissionUser,
    left: readonly string[],
  ): Promise<ModuleResponse | null> => {
    const taken = before.filter((each) => !left.includes(each));
    const lacking = notHeld(taken, new Set(permissions), await definitions(tenant));
    if (lacking !== null) return holdsMore(lacking);
    return (await lastAdministrator(tenant, userId, left)) ? LAST_ADMINISTRATOR : null;
  };

  return {
    'GET /perms/users': async (request) => {
      const { records, totalRecords } = await users.list(request.tenant, readPage(request));
      return json(200, { permissionUsers: records, totalRecords });
    },
    'POST /perms/users': async (request) => {
      const read = await readRecord(request, permissionUserSchema);
      if ('refusal' in read) return read.refusal;
      const user = { ...read.record, id: read.record.id ?? randomUUID() };
      const refusal = await refusedGrant(request, user.permissions);
      if (refusal !== null) return refusal;
      try {
        await users.add(request.tenant, user);
      } catch (error) {
        if (errorCode(error) !== 'RECORD_EXISTS') throw error;
        return unprocessable({ message: 'this user has permissions already', code: 'VALIDATION_ERROR' });
      }
      return json(201, user, { location: `/perms/users/${user.id}` });
    },
    'GET /perms/users/{id}': async (request) => {
      const user = await findUser(request);
      return user === undefined ? noUser(request) : json(200, user);
    },
    'PUT /perms/users/{id}': async (request) => {
      const read = await readRecord(request, permissionUserSchema);
      if ('refusal' in read) return read.refusal;
      const old = await findUser(request);
      if (old === undefined) return noUser(request);
      const { permissions } = read.record;
      const refusal =
        (await refusedGrant(request, permissions, old.permissions)) ??
        (await refusedLoss(request, old, permissions));
      if (refusal !== null) return refusal;
      await users.replace(request.tenant, { ...read.record, id: old.id, userId: old.userId });
      return { status: 204 };
    },
    'DELETE /perms/users/{id}': async (request) => {
      const user = await findUser(request);
      if (user === undefined) return noUser(request);
      const refusal = await refusedLoss(request, user, []);
      if (refusal !== null) return refusal;
      await users.remove(request.tenant, user.id);
      return { status: 204 };
    },
    'GET /perms/users/{id}/permissions': async (request) => {
      const user = await findUser(request);
      if (user === undefined) return noUser(request);
      const known = await definitions(request.tenant);
      const isExpanded = request.query.get('expanded') === 'true';
      const names = isExpanded ? [...expandPermissions(user.permissions, known)] : user.permissions;
      const isFull = request.query.get('full') === 'true';
      const permissionNames = isFull
        ? names.map((each) => known.get(each) ?? { permissionName: each })
        : names;
      return json(200, { permissionNames, totalRecords: names.length });
    },
    'POST /perms/users/{id}/permissions': async (request) => {
      const read = await readRecord(request, z.looseObject({ permissionName: name }));
      if ('refusal' in read) return read.refusal;
      const user = await findUser(request);
      if (user === undefined) return noUser(request);
      const refusal = await refusedGrant(request, [read.record.permissionName], user.permissions);
      if (refusal !== null) return refusal;
      const permissions = [...new Set([...user.permissions, read.record.permissionName])];
      await users.replace(request.tenant, { ...user, permissions });
      return json(200, read.record);
    },
    'DELETE /perms/users/{id}/permissions/{name}': async (request) => {
      const user = await findUser(request);
      if (user === undefined) return noUser(request);
      const gone = pathPart(request, 'name');
      const permissions = user.permissions.filter((each) => each !== gone);
      const refusal = await refusedLoss(request, user, permissions);
      if (refusal !== null) return refusal;
      await users.replace(request.tenant, { ...user, permissions });
      return { status: 204 };
    },
  };
};

/** What permissions are asked for by; without another order they come by name. */
const DEFINITION_FIELDS: FieldsOf<Permission> = {
  permissionName: ({ permissionName }) => permissionName,
  displayName: ({ displayName }) => displayName ?? null,
  description: ({ description }) => description ?? null,
  visible: ({ visible }) => String(visible ?? false),
};

/** A set with everything that it stands for, instead of what stands in it. */
const withAllBelow = (permission: Permission, known: ReadonlyMap<string, Permission>): Permission => {
  const { permissionName, subPermissions } = permission;
  if (subPermissions === undefined) return permission;
  const below = expandPermissions(subPermissions, known);
  return { ...permission, subPermissions: [...below].filter((name) => name !== permissionName).toSorted() };
};

const definitionHandlers = ({
  definitions,
  announce,
}: PermissionDirectory): Readonly<Record<string, Handler>> => ({
  'GET /perms/permissions': async (request) => {
    const known = await definitions(request.tenant);
    const { records, totalRecords } = pageOf([...known.values()], DEFINITION_FIELDS, readPage(request));
    const isExpanded = request.query.get('expanded') === 'true';
    return json(200, {
      permissions: isExpanded ? records.map((each) => withAllBelow(each, known)) : records,
      totalRecords,
    });
  },
  'POST /_/tenantpermissions': async (request) => {
    const read = await readRecord(request, announcementSchema);
    if ('refusal' in read) return read.refusal;
    await announce(request.tenant, read.record.moduleId, read.record.perms);
    return json(201, read.record);
  },
});
