import { z } from 'zod';
import { text } from '../contract.ts';
import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readShape } from './documents.ts';
import { fitProblems, type Installer } from './install.ts';
import { readInstallOptions } from './install-options.ts';
import { type InstallStep, planInstall } from './install-plan.ts';
import { moduleGraph } from './module-graph.ts';
import { selectModules } from './module-list.ts';
import { readSwitch } from './query.ts';
import { compareModuleIds } from './versions.ts';

/** Okapi's TenantModuleDescriptor; only the id counts here. */
const tenantModuleSchema = z.strictObject({
  id: z.string().min(1),
  from: z.string().optional(),
  action: z.string().optional(),
  message: z.string().optional(),
  stage: z.string().optional(),
});

/** `/_/proxy/tenants/{t}/modules`: what is enabled for a tenant. */
export const tenantModuleRoutes = ({ store, registry }: AdminWorld, installer: Installer): AdminRoutes => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const enabledIn = (tenant: string): readonly ModuleDescriptor[] =>
    store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []);
  /** A module by id, or the newest of a product. */
  const find = (id: string): ModuleDescriptor | undefined =>
    parseModuleId(id).version === null
      ? store
          .modules()
          .filter((module) => parseModuleId(module.id).product === id)
          .toSorted((a, b) => compareModuleIds(b.id, a.id))[0]
      : store.descriptor(id);

  const replace = async (tenant: string, old: string | undefined, id: string, query: URLSearchParams) => {
    const isChecked = readSwitch(query, 'depCheck', true);
    const plan = (): readonly InstallStep[] => {
      const module = find(id);
      if (module === undefined) throw bad(`Module ${id} not found`, 404);
      const enabled = enabledIn(tenant);
      const replaced = old === undefined ? undefined : enabled.find((each) => each.id === old);
      if (old !== undefined && replaced === undefined) throw bad(`Module ${old} not found`, 404);
      if (enabled.includes(module) && module !== replaced) throw bad(`Module ${module.id} already provided`);
      // What does not fit together already is not this module's doing.
      const known = new Set(fitProblems(enabled));
      const after = [...enabled.filter((each) => each !== replaced), module];
      const problems = isChecked ? fitProblems(after).filter((problem) => !known.has(problem)) : [];
      if (problems.length > 0) throw bad(problems.join('. '));
      return [{ id: module.id, action: 'enable', ...(replaced !== undefined && { from: replaced.id }) }];
    };
    const [done] = await installer.run(tenant, plan, readInstallOptions(query));
    const enabledId = done?.id ?? id;
    return created(`/_/proxy/tenants/${tenant}/modules/${inLocation(enabledId)}`, { id: enabledId });
  };

  return {
    'GET /_/proxy/tenants/{t}/modules': ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const modules = selectModules(enabledIn(tenant), query);
      if (readSwitch(query, 'dot', false)) return text(200, moduleGraph(modules));
      return answer(200, readSwitch(query, 'full', false) ? modules : modules.map(({ id }) => ({ id })));
    },
    'POST /_/proxy/tenants/{t}/modules': async ({ query, body }, [tenant = '']) => {
      const { id } = await readShape(body, tenantModuleSchema);
      return isTenant(tenant) ? replace(tenant, undefined, id, query) : missing(tenant);
    },
    'POST /_/proxy/tenants/{t}/modules/{old}': async ({ query, body }, [tenant = '', old = '']) => {
      const { id } = await readShape(body, tenantModuleSchema);
      return isTenant(tenant) ? replace(tenant, old, id, query) : missing(tenant);
    },
    'GET /_/proxy/tenants/{t}/modules/{id}': (_request, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      return store.enabledFor(tenant).includes(id) ? answer(200, { id }) : missing(id);
    },
    'DELETE /_/proxy/tenants/{t}/modules/{id}': async ({ query }, [tenant = '', id = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const isChecked = readSwitch(query, 'depCheck', true);
      const plan = (): readonly InstallStep[] => {
        const enabled = enabledIn(tenant);
        if (!enabled.some((module) => module.id === id)) throw bad(id, 404);
        // What does not fit together already is not this module's doing.
        const problems =
          isChecked && fitProblems(enabled).length === 0
            ? fitProblems(enabled.filter((module) => module.id !== id))
            : [];
        if (problems.length > 0) throw bad(problems.join('. '));
        return [{ id, action: 'disable' }];
      };
      await installer.run(tenant, plan, readInstallOptions(query));
      return nothing;
    },
    'DELETE /_/proxy/tenants/{t}/modules': async ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const plan = (): readonly InstallStep[] => {
        const enabled = enabledIn(tenant);
        return planInstall(
          enabled.map(({ id }) => ({ id, action: 'disable' as const })),
          { known: store.modules(), enabled, depCheck: true, reinstall: false },
        );
      };
      await installer.run(tenant, plan, readInstallOptions(query));
      return nothing;
    },
  };
};
