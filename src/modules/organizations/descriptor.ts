import type { ModuleDescriptor } from '#gateway/contract';
import { READS_USER } from '../audit/recorded.ts';
import { entry, permissionSets } from '../records/index.ts';

/** Which organizations the caller may act for; who may act for the caller's own, and what was done there. Answered where the caller belongs. */
export const organizationsDescriptor = {
  id: 'mod-organizations-1.1.0',
  name: 'organizations',
  requires: [{ id: 'users', version: '15.1 16.0' }],
  provides: [
    {
      id: 'organizations',
      version: '1.1',
      handlers: [
        entry('GET', '/organizations'),
        entry('GET', '/organizations/relations', 'organizations.relations.collection.get'),
        {
          ...entry('DELETE', '/organizations/relations/{id}', 'organizations.relations.item.delete'),
          modulePermissions: [READS_USER],
        },
        entry('GET', '/organizations/audit', 'organizations.audit.get'),
      ],
    },
  ],
  permissionSets: permissionSets('organizations', [
    'organizations.relations.collection.get',
    'organizations.relations.item.delete',
    'organizations.audit.get',
  ]),
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
