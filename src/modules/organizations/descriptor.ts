import type { ModuleDescriptor } from '#gateway/contract';
import { READS_USER } from '../audit/recorded.ts';
import { entry, permissionSets } from '../records/index.ts';

/** Which organizations the caller may act for; who may act for the caller's own, what was done there, and how its data are. Answered where the caller belongs. */
export const organizationsDescriptor = {
  id: 'mod-organizations-1.2.0',
  name: 'organizations',
  requires: [{ id: 'users', version: '15.1 16.0' }],
  provides: [
    {
      id: 'organizations',
      version: '1.2',
      handlers: [
        entry('GET', '/organizations'),
        entry('GET', '/organizations/relations', 'organizations.relations.collection.get'),
        {
          ...entry('DELETE', '/organizations/relations/{id}', 'organizations.relations.item.delete'),
          modulePermissions: [READS_USER],
        },
        entry('GET', '/organizations/audit', 'organizations.audit.get'),
        entry('GET', '/organizations/health', 'organizations.health.get'),
      ],
    },
  ],
  permissionSets: permissionSets('organizations', [
    'organizations.relations.collection.get',
    'organizations.relations.item.delete',
    'organizations.audit.get',
    'organizations.health.get',
  ]),
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
