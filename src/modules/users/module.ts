import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#core';
import type { Database } from '#database';
import { json, type Module, text } from '#gateway/contract';
import {
  type Fault,
  type Metadata,
  notFound,
  readPage,
  readRecord,
  stamp,
  unlessTaken,
  uuid,
} from '../records/index.ts';
import { LAST_ADMINISTRATOR, type LastAdministrator } from '../permissions/administrators.ts';
import type { PermissionDirectory } from '../permissions/directory.ts';
import { refusedTakeover } from '../permissions/granting.ts';
import { usersDescriptor } from './descriptor.ts';
import { isServiceAccount, openUserDirectory, type User } from './directory.ts';
import { userTenantHandlers } from './user-tenants.ts';

const userSchema = z.looseObject({
  id: uuid.optional(),
  username: z.string().min(1).max(255),
  active: z.boolean().default(true),
  type: z.enum(['patron', 'staff', 'shadow', 'system', 'dcb']).default('staff'),
  barcode: z.string().max(255).optional(),
  externalSystemId: z.string().max(255).optional(),
  expirationDate: z
    .string()
    .max(40)
    .refine((value) => !Number.isNaN(Date.parse(value)), 'expected a moment in ISO 8601')
    .optional(),
  customFields: z.looseObject({ originaltenantid: z.unknown().optional() }).optional(),
  personal: z
    .looseObject({
      lastName: z.string().max(255),
      firstName: z.string().max(255).optional(),
      middleName: z.string().max(255).optional(),
      email: z.string().max(320).optional(),
    })
    .optional(),
});

const taken = (username: string): Fault => ({
  message: 'User with this username or id already exists',
  code: 'VALIDATION_ERROR',
  parameters: [{ key: 'username', value: username }],
});

/** API keys and share links are users too, but what they may do and whether they go on is the accounts module's. */
const NOT_A_PERSON = text(422, 'This is a service account; revoke it by /api-keys or /shares');

/** A shadow lends what it holds here to somebody of another organization, so nobody's account may become one, nor change its owner. */
const SHADOW_STAYS = text(
  422,
  "An account becomes nobody's shadow, and a shadow nobody else's: make one by POST /users",
);

/** What the users module needs. */
export interface UsersDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly permissions: PermissionDirectory;
  readonly lastAdministrator: LastAdministrator;
  /** Told after each change, so that nothing remembered of a user outlives it. */
  readonly onChange: () => void;
}

/** The users module: who belongs to a tenant. */
export const createUsersModule = ({
  database,
  clock,
  permissions,
  lastAdministrator,
  onChange,
}: UsersDeps): Module => {
  const users = openUserDirectory(database);
  return {
    descriptor: usersDescriptor,
    handlers: {
      'GET /users': async (request) => {
        const { records, totalRecords } = await users.list(request.tenant, readPage(request));
        return json(200, {
          users: records,
          totalRecords,
          resultInfo: { totalRecords, facets: [], diagnostics: [] },
        });
      },
      'POST /users': async (request) => {
        const read = await readRecord(request, userSchema);
        if ('refusal' in read) return read.refusal;
        const metadata: Metadata = stamp(request, clock.now());
        const user: User = { ...read.record, id: read.record.id ?? randomUUID(), metadata };
        return unlessTaken(taken(user.username), async () => {
          await users.add(request.tenant, user);
          return json(201, user, { location: `/users/${user.id}` });
        });
      },
      'GET /users/{id}': async ({ tenant, params }) => {
        const user = await users.find(tenant, params['id'] ?? '');
        return user === undefined ? notFound('the user') : json(200, user);
      },
      'PUT /users/{id}': async (request) => {
        const read = await readRecord(request, userSchema);
        if ('refusal' in read) return read.refusal;
        const id = request.params['id'] ?? '';
        const old = await users.find(request.tenant, id);
        if (old === undefined) return notFound('the user');
        if (isServiceAccount(old)) return NOT_A_PERSON;
        const refusal = await refusedTakeover(request, id, permissions);
        if (refusal !== null) return refusal;
        if (read.record.type === 'shadow' && !isSameShadow(old, read.record)) return SHADOW_STAYS;
        if (!read.record.active && (await lastAdministrator(request.tenant, id, [])))
          return LAST_ADMINISTRATOR;
        return unlessTaken(taken(read.record.username), async () => {
          await users.replace(request.tenant, {
            ...read.record,
            id,
            metadata: stamp(request, clock.now(), old.metadata),
          });
          onChange();
          return { status: 204 };
        });
      },
      'DELETE /users/{id}': async (request) => {
        const { tenant, params } = request;
        const id = params['id'] ?? '';
        const user = await users.find(tenant, id);
        if (user === undefined) return notFound('the user');
        if (isServiceAccount(user)) return NOT_A_PERSON;
        const refusal = await refusedTakeover(request, id, permissions);
        if (refusal !== null) return refusal;
        if (await lastAdministrator(tenant, id, [])) return LAST_ADMINISTRATOR;
        const isRemoved = await users.remove(tenant, id);
        onChange();
        return isRemoved ? { status: 204 } : notFound('the user');
      },
      ...userTenantHandlers(database),
    },
  };
};

const isSameShadow = (old: User, { customFields }: Pick<User, 'customFields'>): boolean =>
  old.type === 'shadow' && old.customFields?.originaltenantid === customFields?.originaltenantid;
