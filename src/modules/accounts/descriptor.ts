import type { ModuleDescriptor } from '#gateway/contract';
import { entry, permissionSets } from '../records/index.ts';
import { roleSets } from './roles.ts';

/** Permissions about the accounts of an organization. */
const PERMISSIONS = [
  'accounts.people.get',
  'accounts.people.put',
  'accounts.invitations.get',
  'accounts.invitations.post',
  'accounts.invitations.delete',
  'accounts.api-keys.get',
  'accounts.api-keys.post',
  'accounts.api-keys.delete',
  'accounts.shares.get',
  'accounts.shares.post',
  'accounts.shares.delete',
];

/** An entry whose handler is told all that the caller holds: nobody grants what he does not hold. */
const granting = (method: string, path: string, ...permissions: readonly string[]) => ({
  ...entry(method, path, ...permissions),
  permissionsDesired: ['*'],
});

/**
 * People, roles, invitations, API keys and share links of an organization, and who the caller is. Executed where the caller belongs: an umbrella
 * organization does not manage the accounts of its members.
 */
export const accountsDescriptor = {
  id: 'mod-accounts-1.0.0',
  name: 'accounts',
  requires: [
    { id: 'permissions', version: '5.3' },
    { id: 'users', version: '15.0 16.0' },
    { id: 'login', version: '7.3' },
  ],
  provides: [
    {
      id: 'accounts',
      version: '1.0',
      handlers: [
        entry('GET', '/accounts/me'),
        entry('PUT', '/accounts/me'),
        entry('GET', '/accounts/sessions'),
        entry('DELETE', '/accounts/sessions/{id}'),
        granting('GET', '/accounts/roles'),
        granting('GET', '/accounts/people', 'accounts.people.get'),
        granting('PUT', '/accounts/people/{id}', 'accounts.people.put'),
      ],
    },
    {
      id: 'invitations',
      version: '1.0',
      handlers: [
        entry('GET', '/invitations', 'accounts.invitations.get'),
        granting('POST', '/invitations', 'accounts.invitations.post'),
        entry('DELETE', '/invitations/{id}', 'accounts.invitations.delete'),
        entry('GET', '/invitations/{token}'),
        entry('POST', '/invitations/{token}/accept'),
      ],
    },
    {
      id: 'api-keys',
      version: '1.0',
      handlers: [
        entry('GET', '/api-keys', 'accounts.api-keys.get'),
        granting('POST', '/api-keys', 'accounts.api-keys.post'),
        entry('DELETE', '/api-keys/{id}', 'accounts.api-keys.delete'),
      ],
    },
    {
      id: 'shares',
      version: '1.0',
      handlers: [
        entry('GET', '/shares', 'accounts.shares.get'),
        granting('POST', '/shares', 'accounts.shares.post'),
        entry('DELETE', '/shares/{id}', 'accounts.shares.delete'),
        entry('GET', '/shares/selection'),
        entry('POST', '/shares/open'),
      ],
    },
  ],
  permissionSets: [...permissionSets('accounts', PERMISSIONS), ...roleSets],
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
