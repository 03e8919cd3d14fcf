import type { ModuleDescriptor } from '#gateway/contract';
import { crudEntries, crudPermissions, entry, permissionSets } from '../records/index.ts';

/** An entry whose handler is told all that the caller holds: nobody grants or takes what he does not hold. */
const toldAll = <E extends object>(each: E) => ({ ...each, permissionsDesired: ['*'] });

/** mod-permissions' interface `permissions` 5.6 and the system interface by which modules announce their permissions. */
export const permissionsDescriptor = {
  id: 'mod-permissions-1.0.0',
  name: 'permissions',
  provides: [
    {
      id: 'permissions',
      version: '5.6',
      handlers: [
        ...crudEntries('/perms/users', 'perms.users').map(toldAll),
        entry('GET', '/perms/users/{id}/permissions', 'perms.users.get'),
        toldAll(entry('POST', '/perms/users/{id}/permissions', 'perms.users.item.post')),
        toldAll(entry('DELETE', '/perms/users/{id}/permissions/{name}', 'perms.users.item.delete')),
        entry('GET', '/perms/permissions', 'perms.permissions.get'),
      ],
    },
    {
      id: '_tenantPermissions',
      version: '2.1',
      interfaceType: 'system',
      handlers: [{ methods: ['POST'], pathPattern: '/_/tenantpermissions' }],
    },
  ],
  permissionSets: permissionSets('perms', [
    ...crudPermissions('perms.users'),
    'perms.users.get',
    'perms.permissions.get',
  ]),
} satisfies ModuleDescriptor;
