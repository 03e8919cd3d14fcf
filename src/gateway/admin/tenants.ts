import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#core';
import { prefixProblem, type Tenant } from '#tenants';
import { answer, bad, created, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld, TenantFile } from './api.ts';
import type { Descriptions } from './descriptions.ts';
import { readShape } from './documents.ts';

const tenantSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(1_000).optional(),
});

/** What the routes of tenants need besides the world. */
export interface TenantRouteDeps {
  readonly tenantFile: TenantFile;
  readonly descriptions: Descriptions;
  /** Resolves when the tenants that are known now have their modules. */
  readonly introduced: () => Promise<void>;
  /** Forgets what the gateway has noted about a tenant that is gone. */
  readonly forget: (tenant: string) => Promise<void>;
}

/**
 * `/_/proxy/tenants`: the tenants of the users map. What is added, renamed or removed here is written into the file, so that there is one place
 * that says who the organizations are.
 */
export const tenantRoutes = ({ registry, store }: AdminWorld, deps: TenantRouteDeps): AdminRoutes => {
  const { tenantFile, descriptions } = deps;
  const find = (id: string): Tenant | undefined => registry.current().byId(id);
  const add = async (id: string, name: string | undefined, description: string | undefined) => {
    const problem = idProblem(id);
    if (problem !== null) throw bad(problem);
    await changed(tenantFile.add(id, name));
    await descriptions.set(id, description);
    await deps.introduced();
  };

  return {
    'GET /_/proxy/tenants': async () => {
      const known = await descriptions.all();
      return answer(
        200,
        registry.current().tenants.map((tenant) => describe(tenant, known)),
      );
    },
    'POST /_/proxy/tenants': async ({ body }) => {
      const { id: given = '', name, description } = await readShape(body, tenantSchema);
      const id = given === '' ? `t${randomBytes(15).toString('hex')}` : given;
      if (find(id) !== undefined) throw bad(`Duplicate tenant id ${id}`);
      await add(id, name, description);
      return created(`/_/proxy/tenants/${id}`, { id, name, description });
    },
    'GET /_/proxy/tenants/{id}': async (_request, [id = '']) => {
      const tenant = find(id);
      return tenant === undefined ? missing(id) : answer(200, describe(tenant, await descriptions.all()));
    },
    'PUT /_/proxy/tenants/{id}': async ({ body }, [id = '']) => {
      const { id: given, name, description } = await readShape(body, tenantSchema);
      if (given !== undefined && given !== id)
        throw bad(`The tenant id must not be changed, old='${shown(id)}', new='${shown(given)}'`);
      const tenant = find(id);
      if (tenant === undefined) await add(id, name, description);
      else {
        if ((name ?? id) !== tenant.name) await changed(tenantFile.rename(id, name ?? id));
        await descriptions.set(id, description);
      }
      return answer(200, { id, name, description });
    },
    'DELETE /_/proxy/tenants/{id}': async (_request, [id = '']) => {
      const isInFile = find(id) !== undefined;
      // A tenant that somebody took out of the file by hand is forgotten here.
      if (!isInFile && store.enabledFor(id).length === 0) return missing(id);
      if (isInFile) await changed(tenantFile.remove(id));
      await deps.forget(id);
      return nothing;
    },
  };
};

const describe = ({ id, name }: Tenant, descriptions: ReadonlyMap<string, string>) => ({
  id,
  name,
  description: descriptions.get(id),
});

/** A change that the users map does not allow is the request's fault; somebody else's change at the same time is a conflict. */
const changed = async (change: Promise<void>): Promise<void> => {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('TENANTS_')) throw error;
    throw bad(error.message, error.code === 'TENANTS_MAP_CHANGED' ? 409 : 400);
  }
};

/** Okapi's sentences for a bad id; underscores are allowed here, since prefixes of users maps have them. */
const idProblem = (id: string): string | null => {
  if (id.includes('-')) return `Tenant id must not contain minus: ${shown(id)}`;
  if (id.length > 31) return `Tenant id must not exceed 31 characters: ${shown(id)}`;
  if (/^\d$/.test(id)) return `Tenant id must not start with a digit: ${id}`;
  if (!/^[a-z][a-z0-9_]*$/.test(id))
    return `Invalid tenant id, may only contain a-z and 0-9 and must match [a-z][a-z0-9_]{0,30} but it is ${shown(id)}`;
  const expected = prefixProblem(id);
  return expected === null ? null : `Invalid tenant id ${id}, expected ${expected}`;
};
