import type { ModuleDescriptor } from '#gateway/contract';
import { entry, permissionSets } from '../records/index.ts';

/**
 * The members of a consortium side by side. Executed where the caller belongs; members' figures are asked in the caller's own name, so the
 * module holds no permission for itself.
 */
export const consortiumDescriptor = {
  id: 'mod-consortium-1.0.0',
  name: 'consortium',
  requires: [{ id: 'organizations', version: '1.0' }],
  optional: [{ id: 'reports', version: '1.0' }],
  provides: [
    {
      id: 'consortium',
      version: '1.0',
      handlers: [entry('GET', '/consortium/matrix', 'consortium.get')],
    },
  ],
  permissionSets: permissionSets('consortium', ['consortium.get']),
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
