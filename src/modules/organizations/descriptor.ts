import type { ModuleDescriptor } from '#gateway/contract';
import { entry } from '../records/index.ts';

/** Which organizations the caller may act for. Answered where the caller belongs. */
export const organizationsDescriptor = {
  id: 'mod-organizations-1.0.0',
  name: 'organizations',
  provides: [{ id: 'organizations', version: '1.0', handlers: [entry('GET', '/organizations')] }],
  metadata: { tenantResolution: { executesIn: 'origin' } },
} satisfies ModuleDescriptor;
