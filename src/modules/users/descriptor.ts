import type { ModuleDescriptor } from '#gateway/contract';
import { crudEntries, crudPermissions, entry, permissionSets } from '../records/index.ts';

/** Changes are told all that the caller holds: nobody changes an account that holds more. */
const toldAll = <E extends { readonly methods: readonly string[]; readonly pathPattern: string }>(each: E) =>
  each.pathPattern === '/users/{id}' && !each.methods.includes('GET')
    ? { ...each, permissionsDesired: ['*'] }
    : each;

/**
 * mod-users' interfaces `users` 16.5 and `user-tenants` 1.0. Users are asked for where they belong: a module that is executed for
 * another tenant still finds the acting user at home.
 */
export const usersDescriptor = {
  id: 'mod-users-1.0.0',
  name: 'users',
  provides: [
    { id: 'users', version: '16.5', handlers: crudEntries('/users', 'users').map(toldAll) },
    {
      id: 'user-tenants',
      version: '1.0',
      handlers: [
        entry('GET', '/user-tenants', 'user-tenants.collection.get'),
        entry('POST', '/user-tenants', 'user-tenants.item.post'),
        entry('DELETE', '/user-tenants', 'user-tenants.collection.delete'),
      ],
    },
  ],
  permissionSets: [
    ...permissionSets('users', crudPermissions('users')),
    ...permissionSets('user-tenants', [
      'user-tenants.collection.get',
      'user-tenants.item.post',
      'user-tenants.collection.delete',
    ]),
  ],
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
