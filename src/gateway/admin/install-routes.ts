import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Clock, errorText, type Log } from '#core';
import { parseModuleId } from '../module-id.ts';
import { answer, bad, created, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readShape } from './documents.ts';
import type { Installer, StepProgress } from './install.ts';
import type { InstallJob, InstallJobs } from './install-jobs.ts';
import { readDepCheck, readInstallOptions } from './install-options.ts';
import { type InstallStep, planInstall, type Wish } from './install-plan.ts';
import { readSwitch, versionFilter } from './query.ts';
import { compareModuleIds } from './versions.ts';

/** Modules of one install at most. */
const MAX_WISHES = 2_000;

const wishesSchema = z
  .array(
    z.strictObject({
      id: z.string().min(1),
      from: z.string().optional(),
      action: z.enum(['enable', 'disable', 'uptodate']).default('enable'),
      message: z.string().optional(),
      stage: z.string().optional(),
    }),
  )
  .max(MAX_WISHES);

/** What the routes of installs need besides the world. */
export interface InstallRouteDeps {
  readonly installer: Installer;
  readonly jobs: InstallJobs;
  readonly clock: Clock;
  readonly log: Log;
}

/** `/_/proxy/tenants/{t}/install` and `…/upgrade`: many modules at once, with everything that they need. */
export const installRoutes = (
  { store, registry }: AdminWorld,
  { installer, jobs, clock, log }: InstallRouteDeps,
): AdminRoutes => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;

  const install = async (tenant: string, wishesNow: () => readonly Wish[], query: URLSearchParams) => {
    const depCheck = readDepCheck(query);
    const isWanted = versionFilter(query);
    const reinstall = readSwitch(query, 'reinstall', false);
    const options = readInstallOptions(query);
    const plan = (): readonly InstallStep[] => {
      const wishes = wishesNow();
      const named = new Set(wishes.map(({ id }) => id));
      return planInstall(wishes, {
        known: store.modules().filter(({ id }) => isWanted(id) || named.has(id)),
        enabled: store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []),
        depCheck,
        reinstall,
      });
    };
    if (readSwitch(query, 'simulate', false)) return answer(200, plan());
    if (!readSwitch(query, 'async', false))
      return answer(200, (await installer.run(tenant, plan, options)).map(withoutStage));

    const id = randomUUID();
    const startDate = new Date(clock.now()).toISOString();
    let modules: InstallJob['modules'] = plan();
    const started: InstallJob = { id, complete: false, startDate, modules };
    await jobs.save(tenant, started);
    const work = installer.run(tenant, plan, options, (steps) => {
      modules = steps;
      return jobs.save(tenant, { ...started, modules });
    });
    const end = (failure?: unknown): Promise<void> => {
      // A failure that no step has is that of the plan, which is made anew when it is this install's turn.
      if (failure !== undefined && modules.every(({ message }) => message === undefined))
        modules = modules.map((step) => ({ ...step, message: errorText(failure) }));
      const endDate = new Date(clock.now()).toISOString();
      return jobs.save(tenant, { id, complete: true, startDate, endDate, modules });
    };
    Promise.all([work.then(() => end(), end), jobs.keepAlive(tenant, id, work)]).catch((error: unknown) =>
      log.warn('install_job_unsaved', { tenant, err: errorText(error) }),
    );
    return created(`/_/proxy/tenants/${tenant}/install/${id}`, started);
  };

  return {
    'POST /_/proxy/tenants/{t}/install': async ({ query, body }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const wishes = await readShape(body, wishesSchema);
      return install(tenant, () => wishes, query);
    },
    'POST /_/proxy/tenants/{t}/upgrade': async ({ query, body }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      if ((await body.bytes()).length > 0) {
        throw bad(
          `/_/proxy/tenants/${tenant}/upgrade must not have a body. Use /_/proxy/tenants/${tenant}/install instead to specify which version to upgrade to.`,
        );
      }
      const isWanted = versionFilter(query);
      const newer = (): readonly Wish[] =>
        store.enabledFor(tenant).flatMap((id) => {
          const best = newestOf(
            id,
            store
              .modules()
              .map((module) => module.id)
              .filter(isWanted),
          );
          return best === id ? [] : [{ id: best, action: 'enable' as const }];
        });
      return install(tenant, newer, query);
    },
    'GET /_/proxy/tenants/{t}/install': async ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const list = await jobs.of(tenant);
      if (query.get('complete') === null) return answer(200, list);
      const isComplete = readSwitch(query, 'complete', true);
      return answer(
        200,
        list.filter(({ complete }) => complete === isComplete),
      );
    },
    'GET /_/proxy/tenants/{t}/install/{id}': async (_request, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const job = await jobs.find(tenant, id);
      return job === undefined ? missing(`${tenant}/${id}`) : answer(200, job);
    },
    'DELETE /_/proxy/tenants/{t}/install/{id}': async (_request, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const job = await jobs.find(tenant, id);
      if (job === undefined) return missing(`${tenant}/${id}`);
      if (!job.complete) throw bad(`Cannot delete non-completed job ${shown(id)}`);
      await jobs.remove(tenant, id);
      return nothing;
    },
    'DELETE /_/proxy/tenants/{t}/install': async (_request, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      for (const { id, complete } of await jobs.of(tenant)) if (complete) await jobs.remove(tenant, id);
      return nothing;
    },
  };
};

const withoutStage = (progress: StepProgress) => {
  const { stage: _stage, ...step } = progress;
  return step;
};

const newestOf = (moduleId: string, known: readonly string[]): string => {
  const { product } = parseModuleId(moduleId);
  const versions = known.filter((id) => parseModuleId(id).product === product);
  return [moduleId, ...versions].toSorted((a, b) => compareModuleIds(b, a))[0] ?? moduleId;
};
