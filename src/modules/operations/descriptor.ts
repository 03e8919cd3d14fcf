import type { ModuleDescriptor } from '#gateway/contract';
import { READS_USER } from '../audit/recorded.ts';
import { entry, permissionSets } from '../records/index.ts';

const writes = (method: string, path: string, permission: string) => ({
  ...entry(method, path, permission),
  modulePermissions: [READS_USER],
});

const HANDLERS = [
  entry('GET', '/operations/organizations', 'operations.organizations.collection.get'),
  writes('POST', '/operations/organizations', 'operations.organizations.item.post'),
  writes('PATCH', '/operations/organizations/{id}', 'operations.organizations.item.patch'),
  writes('POST', '/operations/relations', 'operations.relations.item.post'),
  writes('PATCH', '/operations/relations/{id}', 'operations.relations.item.patch'),
  writes('DELETE', '/operations/relations/{id}', 'operations.relations.item.delete'),
  entry('GET', '/operations/health', 'operations.health.get'),
  entry('GET', '/operations/quarantine', 'operations.quarantine.get'),
  writes('POST', '/operations/migrations/{id}', 'operations.migrations.item.post'),
  entry('GET', '/operations/unclaimed', 'operations.unclaimed.get'),
  entry('GET', '/operations/replays', 'operations.replays.collection.get'),
  writes('POST', '/operations/replays', 'operations.replays.item.post'),
  entry('GET', '/operations/replays/{id}', 'operations.replays.item.get'),
  writes('DELETE', '/operations/replays/{id}', 'operations.replays.item.delete'),
  entry('GET', '/operations/modules', 'operations.modules.get'),
  entry('GET', '/operations/routes', 'operations.routes.get'),
  entry('GET', '/operations/requests', 'operations.requests.collection.get'),
  entry('GET', '/operations/requests/{id}', 'operations.requests.item.get'),
  entry('GET', '/operations/explain', 'operations.explain.get'),
  entry('GET', '/operations/audit', 'operations.audit.get'),
  writes('DELETE', '/operations/demo-data', 'operations.demo-data.delete'),
];

/** What operators see and do in the back office. Answered where the operator belongs, whatever organization a request names. */
export const operationsDescriptor = {
  id: 'mod-operations-1.0.0',
  name: 'operations',
  requires: [{ id: 'users', version: '15.1 16.0' }],
  provides: [{ id: 'operations', version: '1.0', handlers: HANDLERS }],
  permissionSets: permissionSets(
    'operations',
    HANDLERS.flatMap(({ permissionsRequired }) => permissionsRequired),
  ),
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
