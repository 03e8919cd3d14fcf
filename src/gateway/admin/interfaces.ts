import type { InterfaceDescriptor, ModuleDescriptor } from '../descriptor.ts';
import { answer, missing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readSwitch } from './query.ts';

/** `/_/proxy/tenants/{t}/interfaces`: what the modules of a tenant provide, and who provides it. */
export const interfaceRoutes = ({ store, registry }: AdminWorld): AdminRoutes => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const enabledIn = (tenant: string): readonly ModuleDescriptor[] =>
    store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []);

  return {
    'GET /_/proxy/tenants/{t}/interfaces': ({ query }, [tenant = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const type = query.get('type');
      const provided = enabledIn(tenant)
        .flatMap(({ provides = [] }) => provides)
        .filter((each) => type === null || typeOf(each) === type);
      if (readSwitch(query, 'full', false)) return answer(200, provided);
      const isFirst = ({ id }: InterfaceDescriptor, place: number): boolean =>
        provided.findIndex((each) => each.id === id) === place;
      return answer(
        200,
        provided.filter(isFirst).map(({ id, version }) => ({ id, version })),
      );
    },
    'GET /_/proxy/tenants/{t}/interfaces/{int}': ({ query }, [tenant = '', wanted = '']) => {
      if (!isTenant(tenant)) return missing(tenant);
      const type = query.get('type');
      const providers = enabledIn(tenant).filter(({ provides = [] }) =>
        provides.some((each) => each.id === wanted && (type === null || typeOf(each) === type)),
      );
      return answer(
        200,
        providers.map(({ id }) => ({ id })),
      );
    },
  };
};

/** What begins with `_` is a system interface, whatever it says. */
const typeOf = ({ id, interfaceType }: InterfaceDescriptor): string =>
  id.startsWith('_') ? 'system' : (interfaceType ?? 'proxy');
