import { z } from 'zod';
import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import type { Installer, InstallOptions } from './install.ts';
import { planInstall } from './install-plan.ts';
import { readSwitch, selectModules } from './query.ts';
import { compareModuleIds } from './versions.ts';

const idSchema = z.looseObject({ id: z.string().min(1) });

/** `/_/proxy/tenants/{t}/modules` and `…/interfaces`: what is enabled for a tenant. */
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

  const replace = async (tenant: string, old: string | undefined, body: unknown, query: URLSearchParams) => {
    const parsed = idSchema.safeParse(body);
    if (!parsed.success) throw bad('id is missing');
    const module = find(parsed.data.id);
    if (module === undefined) return missing(`Module ${parsed.data.id} not found`);
    const enabled = enabledIn(tenant);
    const replaced = old === undefined ? undefined : enabled.find(({ id }) => id === old);
    if (old !== undefined && replaced === undefined) return missing(`Module ${old} not found`);
    if (enabled.includes(module)) throw bad(`Module ${module.id} already provided`);
    if (readSwitch(query, 'depCheck', true))
      installer.check([...enabled.filter((each) => each !== replaced), module]);
    await installer.run(
      tenant,
      [{ id: module.id, action: 'enable', ...(replaced !== undefined && { from: replaced.id }) }],
      readInstallOptions(query),
    );
    return created(`/_/proxy/tenants/${tenant}/modules/${inLocation(module.id)}`, { id: module.id });
  };

  return {
    'GET /_/proxy/tenants/{t}/modules': ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const modules = selectModules(enabledIn(tenant), query);
      return answer(200, readSwitch(query, 'full', false) ? modules : modules.map(({ id }) => ({ id })));
    },
    'POST /_/proxy/tenants/{t}/modules': async ({ query, body }, [tenant = '']) =>
      isTenant(tenant) ? replace(tenant, undefined, await body.json(), query) : missing(tenant),
    'POST /_/proxy/tenants/{t}/modules/{old}': async ({ query, body }, [tenant = '', old = '']) =>
      isTenant(tenant) ? replace(tenant, old, await body.json(), query) : missing(tenant),
    'GET /_/proxy/tenants/{t}/modules/{id}': (_request, [tenant = '', id = '']) =>
      store.enabledFor(tenant).includes(id) ? answer(200, { id }) : missing(id),
    'DELETE /_/proxy/tenants/{t}/modules/{id}': async ({ query }, [tenant = '', id = '']) => {
      const enabled = enabledIn(tenant);
      if (!enabled.some((module) => module.id === id)) return missing(id);
      installer.check(enabled.filter((module) => module.id !== id));
      await installer.run(tenant, [{ id, action: 'disable' }], readInstallOptions(query));
      return nothing;
    },
    'DELETE /_/proxy/tenants/{t}/modules': async ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const enabled = enabledIn(tenant);
      const wishes = enabled.map(({ id }) => ({ id, action: 'disable' as const }));
      const steps = planInstall(wishes, {
        known: store.modules(),
        enabled,
        depCheck: true,
        reinstall: false,
      });
      await installer.run(tenant, steps, readInstallOptions(query));
      return nothing;
    },
    'GET /_/proxy/tenants/{t}/interfaces': ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const type = query.get('type');
      const provided = enabledIn(tenant)
        .flatMap(({ provides = [] }) => provides)
        .filter((each) => type === null || (each.interfaceType ?? 'proxy') === type);
      const isFull = readSwitch(query, 'full', false);
      return answer(200, isFull ? provided : provided.map(({ id, version }) => ({ id, version })));
    },
    'GET /_/proxy/tenants/{t}/interfaces/{int}': ({ query }, [tenant = '', wanted = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const type = query.get('type');
      const providers = enabledIn(tenant).filter(({ provides = [] }) =>
        provides.some(
          ({ id, interfaceType }) => id === wanted && (type === null || (interfaceType ?? 'proxy') === type),
        ),
      );
      return answer(
        200,
        providers.map(({ id }) => ({ id })),
      );
    },
  };
};

/** `invoke`, `purge` and `tenantParameters` of a request. */
export const readInstallOptions = (query: URLSearchParams): InstallOptions => ({
  invoke: readInvoke(query.get('invoke')),
  purge: readSwitch(query, 'purge', false),
  parameters: (query.get('tenantParameters') ?? '')
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? { key: pair, value: '' }
        : { key: pair.slice(0, equals), value: pair.slice(equals + 1) };
    }),
});

/** Absent: all; `false`: none; else a pattern on module ids, in which only `*` and a leading text have a meaning. */
const readInvoke = (value: string | null): InstallOptions['invoke'] => {
  if (value === null || value === 'true') return () => true;
  if (value === 'false') return () => false;
  // Okapi takes a regular expression here; one from outside could run for ever, so `.*` alone is understood.
  const parts = value.replaceAll('.*', '*').split('*');
  return (id) => {
    let place = 0;
    for (const [index, part] of parts.entries()) {
      const found = id.indexOf(part, place);
      if (found < 0 || (index === 0 && found !== 0)) return false;
      place = found + part.length;
    }
    return parts.at(-1) === '' || id.endsWith(parts.at(-1) ?? '');
  };
};
