import type { ModuleDescriptor } from '#gateway/contract';
import { crudEntries, entry, permissionSets } from '../records/index.ts';

const PERMISSIONS = [
  'note.types.collection.get',
  'note.types.item.get',
  'note.types.item.post',
  'note.types.item.put',
  'note.types.item.delete',
  'notes.collection.get',
  'notes.item.get',
  'notes.item.post',
  'notes.item.put',
  'notes.item.delete',
  'note.links.collection.get',
  'note.links.collection.put',
];

/** What the module may do for itself while it makes a note type or a note: read the limit, and the creator. */
const READS_LIMIT = 'configuration.entries.collection.get';
const READS_CREATOR = 'users.item.get';

/** mod-notes' interface `notes` 4.0. */
export const notesDescriptor = {
  id: 'mod-notes-1.0.0',
  name: 'notes',
  requires: [
    { id: 'users', version: '15.1 16.0' },
    { id: 'configuration', version: '2.0' },
  ],
  provides: [
    {
      id: 'notes',
      version: '4.0',
      handlers: [
        ...crudEntries('/note-types', 'note.types').map((each) => ({
          ...each,
          modulePermissions: each.methods[0] === 'POST' ? [READS_LIMIT, READS_CREATOR] : [READS_CREATOR],
        })),
        ...crudEntries('/notes', 'notes').map((each) => ({ ...each, modulePermissions: [READS_CREATOR] })),
        entry('GET', '/note-links/domain/{domain}/type/{type}/id/{id}', 'note.links.collection.get'),
        entry('PUT', '/note-links/type/{type}/id/{id}', 'note.links.collection.put'),
      ],
    },
    {
      id: '_tenant',
      version: '2.0',
      interfaceType: 'system',
      handlers: [{ methods: ['POST'], pathPattern: '/_/tenant' }],
    },
  ],
  permissionSets: permissionSets('notes', PERMISSIONS),
} satisfies ModuleDescriptor;
