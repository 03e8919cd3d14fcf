import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Clock, errorText } from '#core';
import type { Database } from '#database';
import { parseModuleId } from '../module-id.ts';
import { answer, bad, created, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import type { Installer } from './install.ts';
import { type InstallStep, planInstall, type Wish } from './install-plan.ts';
import { readNumber, readSwitch, versionFilter } from './query.ts';
import { readInstallOptions } from './tenant-modules.ts';

const wishesSchema = z.array(
  z.looseObject({
    id: z.string().min(1),
    action: z.enum(['enable', 'disable', 'uptodate']).default('enable'),
  }),
);

/** An install that goes on after its answer. */
interface Job {
  readonly id: string;
  readonly startDate: string;
  readonly endDate?: string;
  readonly complete: boolean;
  readonly error?: string;
  readonly modules: readonly InstallStep[];
}

type Tables = { gateway_jobs: { tenant: string; id: string; doc: string } };

/** `/_/proxy/tenants/{t}/install` and `…/upgrade`: many modules at once, with everything that they need. */
export const installRoutes = (
  { store, registry }: AdminWorld,
  installer: Installer,
  database: Database,
  clock: Clock,
): AdminRoutes => {
  const tables = database.as<Tables>();
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const jobsOf = async (tenant: string): Promise<readonly Job[]> => {
    const rows = await tables
      .selectFrom('gateway_jobs')
      .select('doc')
      .where('tenant', '=', tenant)
      .orderBy('id')
      .execute();
    return rows.map(({ doc }) => JSON.parse(doc) as Job);
  };
  const save = async (tenant: string, job: Job): Promise<void> => {
    const row = { tenant, id: job.id, doc: JSON.stringify(job) };
    await tables
      .insertInto('gateway_jobs')
      .values(row)
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet({ doc: row.doc }))
      .execute();
  };

  const install = async (tenant: string, wishes: readonly Wish[], query: URLSearchParams) => {
    const depCheck = readSwitch(query, 'depCheck', true);
    if (!depCheck && readNumber(query, 'parallel', 1, 1) > 1) {
      throw bad('Install Option parallel can not be greater than 1 when Install Option depCheck is false');
    }
    const isWanted = versionFilter(query);
    const wished = new Set(wishes.map(({ id }) => id));
    const steps = planInstall(wishes, {
      known: store.modules().filter(({ id }) => isWanted(id) || wished.has(id)),
      enabled: store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []),
      depCheck,
      reinstall: readSwitch(query, 'reinstall', false),
    });
    if (readSwitch(query, 'simulate', false)) return answer(200, steps);
    const options = readInstallOptions(query);
    if (!readSwitch(query, 'async', false)) {
      await installer.run(tenant, steps, options);
      return answer(200, steps);
    }
    const job: Job = {
      id: randomUUID(),
      startDate: new Date(clock.now()).toISOString(),
      complete: false,
      modules: steps,
    };
    await save(tenant, job);
    const finish = (error?: unknown): Promise<void> =>
      save(tenant, {
        ...job,
        complete: true,
        endDate: new Date(clock.now()).toISOString(),
        ...(error !== undefined && { error: errorText(error) }),
      });
    installer
      .run(tenant, steps, options)
      .then(() => finish(), finish)
      .catch(() => undefined);
    return created(`/_/proxy/tenants/${tenant}/install/${job.id}`, job);
  };

  return {
    'POST /_/proxy/tenants/{t}/install': async ({ query, body }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const parsed = wishesSchema.safeParse(await body.json());
      if (!parsed.success)
        throw bad(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('. '));
      return install(tenant, parsed.data, query);
    },
    'POST /_/proxy/tenants/{t}/upgrade': async ({ query, body }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      if ((await body.bytes()).length > 0) throw bad('an upgrade has no body');
      const wishes = store
        .enabledFor(tenant)
        .map((id) => ({ id: parseModuleId(id).product, action: 'enable' as const }));
      return install(tenant, wishes, query);
    },
    'GET /_/proxy/tenants/{t}/install': async ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const wanted = query.get('complete');
      return answer(
        200,
        (await jobsOf(tenant)).filter(({ complete }) => wanted === null || String(complete) === wanted),
      );
    },
    'GET /_/proxy/tenants/{t}/install/{id}': async (_request, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const job = (await jobsOf(tenant)).find((each) => each.id === id);
      return job === undefined ? missing(`${tenant}/${id}`) : answer(200, job);
    },
    'DELETE /_/proxy/tenants/{t}/install/{id}': async (_request, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const job = (await jobsOf(tenant)).find((each) => each.id === id);
      if (job === undefined) return missing(`${tenant}/${id}`);
      if (!job.complete) throw bad(`Cannot delete non-completed job ${id}`);
      await tables.deleteFrom('gateway_jobs').where('tenant', '=', tenant).where('id', '=', id).execute();
      return nothing;
    },
    'DELETE /_/proxy/tenants/{t}/install': async (_request, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      for (const { id, complete } of await jobsOf(tenant)) {
        if (complete)
          await tables.deleteFrom('gateway_jobs').where('tenant', '=', tenant).where('id', '=', id).execute();
      }
      return nothing;
    },
  };
};
