import type { ModuleDescriptor, PermissionSet } from '../descriptor.ts';
import type { SystemCalls } from '../system-call.ts';
import { bad } from './answers.ts';
import { moduleCall } from './module-call.ts';
import type { TenantChange } from './tenant-init.ts';

/** Tells a tenant's permission module, by its system interface `_tenantPermissions`, what permissions the other modules bring. */
export interface PermissionAnnouncements {
  /** Before a module is enabled, upgraded or disabled: its permissions are told to the permission module that is enabled already. */
  announce(change: TenantChange, enabled: readonly ModuleDescriptor[], isWanted: Wanted): Promise<void>;
  /** When the permission module itself comes: it hears of its own permissions and of everybody who is there. */
  welcome(change: TenantChange, enabled: readonly ModuleDescriptor[], isWanted: Wanted): Promise<void>;
}

/** May this module be called? */
type Wanted = (moduleId: string) => boolean;

const VERSIONS = ['1.0', '1.1', '2.0', '2.1'];

/** Creates the announcements. A tenant without a permission module needs none. Errors: 400 with Okapi's sentences. */
export const createPermissionAnnouncements = (system: SystemCalls['system']): PermissionAnnouncements => {
  const send = async (
    tenant: string,
    receiver: ModuleDescriptor,
    body: Announcement | null,
  ): Promise<void> => {
    if (body !== null) await moduleCall(system, tenant, receiver)('POST', pathOf(receiver), body);
  };

  return {
    announce: async ({ tenant, from, to }, enabled, isWanted) => {
      const receiver = enabled.find(isReceiver);
      if (receiver === undefined || (to !== undefined && isReceiver(to)) || !isWanted(receiver.id)) return;
      // A permission module that goes has no use for an announcement of that.
      if (to === undefined && from?.id === receiver.id) return;
      await send(tenant, receiver, announcement(from, to, versionOf(receiver)));
    },
    welcome: async ({ tenant, to }, enabled, isWanted) => {
      if (to === undefined || !isReceiver(to) || !isWanted(to.id)) return;
      const others = enabled.filter((module) => !isReceiver(module));
      for (const module of [to, ...others])
        await send(tenant, to, announcement(undefined, module, versionOf(to)));
    },
  };
};

interface Announcement {
  readonly moduleId: string;
  readonly perms: readonly PermissionSet[];
  readonly replaces?: readonly string[];
}

const announcement = (
  from: ModuleDescriptor | undefined,
  to: ModuleDescriptor | undefined,
  version: string,
): Announcement | null => {
  const isFirst = version.startsWith('1.');
  if (to === undefined) return isFirst || from === undefined ? null : { moduleId: from.id, perms: [] };
  const sets = to.permissionSets ?? [];
  const all = version === '1.0' ? sets : [...sets, ...generatedSets(to)];
  return {
    moduleId: to.id,
    perms: isFirst ? all.map(withoutReplaces) : all,
    ...(version === '2.1' && to.replaces !== undefined && { replaces: to.replaces }),
  };
};

const isReceiver = ({ provides }: ModuleDescriptor): boolean =>
  provides?.some(({ id }) => id === '_tenantPermissions') ?? false;

const versionOf = ({ provides }: ModuleDescriptor): string => {
  const version = provides?.find(({ id }) => id === '_tenantPermissions')?.version ?? '';
  if (VERSIONS.includes(version)) return version;
  throw bad(`Unknown version of _tenantPermissions interface in use ${version}.`);
};

const pathOf = ({ id, provides }: ModuleDescriptor): string => {
  const handlers = provides?.find((each) => each.id === '_tenantPermissions')?.handlers ?? [];
  const entry = handlers.find(({ methods }) => methods?.includes('POST') || methods?.includes('*'));
  const path = entry?.pathPattern ?? entry?.path;
  if (path !== undefined) return path;
  throw bad(`Bad _tenantPermissions interface in module ${id}. No path to POST to`);
};

const withoutReplaces = (set: PermissionSet): PermissionSet => {
  const { replaces: _replaces, ...kept } = set;
  return kept;
};

/** One set for each entry with module permissions, so that tokens can carry one name instead of many. */
const generatedSets = (module: ModuleDescriptor): readonly PermissionSet[] =>
  [...(module.provides ?? []).flatMap(({ handlers }) => handlers ?? []), ...(module.filters ?? [])].flatMap(
    ({ modulePermissions = [], methods = [], pathPattern, path }) => {
      if (modulePermissions.length === 0) return [];
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
