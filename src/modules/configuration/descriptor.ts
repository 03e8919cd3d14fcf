import type { ModuleDescriptor } from '#gateway/contract';
import { crudEntries, crudPermissions, permissionSets } from '../records/index.ts';

/** mod-configuration's interface `configuration` 2.0. */
export const configurationDescriptor = {
  id: 'mod-configuration-1.0.0',
  name: 'configuration',
  provides: [
    {
      id: 'configuration',
      version: '2.0',
      handlers: crudEntries('/configurations/entries', 'configuration.entries'),
    },
  ],
  permissionSets: permissionSets('configuration', crudPermissions('configuration.entries')),
} satisfies ModuleDescriptor;
