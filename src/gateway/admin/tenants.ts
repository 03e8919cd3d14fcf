import { z } from 'zod';
import type { Tenant } from '#tenants';
import { answer, bad, created, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';

const tenantSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().max(255).optional(),
  description: z.string().max(1_000).optional(),
});

/**
 * `/_/proxy/tenants`: the tenants of the users map. What is added, renamed or removed here is written into the file, so that there is one place
 * that says who the organizations are.
 */
export const tenantRoutes = ({ registry, tenantFile, newTenantId }: AdminWorld): AdminRoutes => {
  const find = (id: string): Tenant | undefined => registry.current().byId(id);
  const read = async (body: { json(): Promise<unknown> }) => {
    const parsed = tenantSchema.safeParse(await body.json());
    if (!parsed.success) throw bad(parsed.error.issues.map(({ message }) => message).join('. '));
    return parsed.data;
  };

  return {
    'GET /_/proxy/tenants': () => answer(200, registry.current().tenants.map(describe)),
    'POST /_/proxy/tenants': async ({ body }) => {
      const { id: given, name } = await read(body);
      const id = given === undefined || given === '' ? newTenantId() : given;
      const problem = idProblem(id);
      if (problem !== null) throw bad(problem);
      if (find(id) !== undefined) throw bad(`Duplicate tenant id ${id}`);
      await tenantFile.add(id, name);
      return created(`/_/proxy/tenants/${id}`, { id, name });
    },
    'GET /_/proxy/tenants/{id}': (_request, [id = '']) => {
      const tenant = find(id);
      return tenant === undefined ? missing(id) : answer(200, describe(tenant));
    },
    'PUT /_/proxy/tenants/{id}': async ({ body }, [id = '']) => {
      const { id: given, name } = await read(body);
      if (given !== undefined && given !== id)
        throw bad(`The tenant id must not be changed, old='${id}', new='${given}'`);
      if (find(id) !== undefined) await tenantFile.rename(id, name ?? id);
      else {
        const problem = idProblem(id);
        if (problem !== null) throw bad(problem);
        await tenantFile.add(id, name);
      }
      return answer(200, { id, name });
    },
    'DELETE /_/proxy/tenants/{id}': async (_request, [id = '']) => {
      if (find(id) === undefined) return missing(id);
      await tenantFile.remove(id);
      return nothing;
    },
  };
};

const describe = ({ id, name }: Tenant) => ({ id, name });

/** Okapi's sentences for a bad id; underscores are allowed here, since prefixes of users maps have them. */
const idProblem = (id: string): string | null => {
  if (id.includes('-')) return `Tenant id must not contain minus: ${id.slice(0, 40)}`;
  if (id.length > 31) return `Tenant id must not exceed 31 characters: ${id.slice(0, 40)}`;
  if (/^\d$/.test(id)) return `Tenant id must not start with a digit: ${id}`;
  if (/^[a-z][a-z0-9_]*$/.test(id)) return null;
  return `Invalid tenant id, may only contain a-z and 0-9 and must match [a-z][a-z0-9_]{0,30} but it is ${id.slice(0, 40)}`;
};
