import type { ModuleDescriptor, PermissionSet } from '../descriptor.ts';
import type { SystemCalls } from '../system-call.ts';
import { bad } from './answers.ts';

/** Announces a module's permissions to the tenant's permission module, by its system interface `_tenantPermissions`. */
export type AnnouncePermissions = (
  tenant: string,
  modules: readonly ModuleDescriptor[],
  enabled: readonly ModuleDescriptor[],
) => Promise<void>;

const VERSIONS = ['1.0', '1.1', '2.0', '2.1'];

/** Creates the announcements. A tenant without a permission module needs none. */
export const createAnnouncePermissions =
  (system: SystemCalls['system']): AnnouncePermissions =>
  async (tenant, modules, enabled) => {
    const receiver = enabled.find(({ provides }) => provides?.some(({ id }) => id === '_tenantPermissions'));
    const known = receiver?.provides?.find(({ id }) => id === '_tenantPermissions');
    if (receiver === undefined || known === undefined) return;
    if (!VERSIONS.includes(known.version))
      throw bad(`Unknown version of _tenantPermissions interface in use ${known.version}.`);
    const path = known.handlers?.[0]?.pathPattern ?? '/_/tenantPermissions';
    for (const module of modules) {
      const body = JSON.stringify(announcement(module, known.version));
      const answer = await system({ tenant, moduleId: receiver.id, method: 'POST', path, body });
      if (answer.status > 299)
        throw bad(`POST request for ${receiver.id} ${path} failed with ${answer.status}: ${answer.text()}`);
    }
  };

const announcement = (module: ModuleDescriptor, version: string) => {
  const sets = module.permissionSets ?? [];
  const generated = version === '1.0' ? [] : generatedSets(module);
  return {
    moduleId: module.id,
    perms: [...(version.startsWith('1.') ? sets.map(withoutReplaces) : sets), ...generated],
    ...(version === '2.1' && module.replaces !== undefined && { replaces: module.replaces }),
  };
};

const withoutReplaces = (set: PermissionSet): PermissionSet =>
  Object.fromEntries(Object.entries(set).filter(([name]) => name !== 'replaces')) as unknown as PermissionSet;

/** One set for each entry with module permissions, so that tokens can carry one name instead of many. */
const generatedSets = (module: ModuleDescriptor): readonly PermissionSet[] =>
  [...(module.provides ?? []).flatMap(({ handlers }) => handlers ?? []), ...(module.filters ?? [])].flatMap(
    (entry) => {
      const { modulePermissions, methods = [], pathPattern, path } = entry;
      if (modulePermissions === undefined || modulePermissions.length === 0) return [];
      const name = `SYS#${module.id}#${pathPattern ?? path ?? ''}#[${methods.join(', ')}]`;
      return [
        {
          permissionName: name,
          displayName: `System generated: ${name}`,
          description: 'System generated permission set',
          subPermissions: modulePermissions,
          visible: false,
        },
      ];
    },
  );
