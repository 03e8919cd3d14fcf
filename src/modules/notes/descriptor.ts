import type { ModuleDescriptor } from '#gateway/contract';
import { crudEntries, entry, permissionSets } from '../records/index.ts';
import { ANNOTATION_PERMISSIONS } from './annotation-rights.ts';

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
  ...Object.values(ANNOTATION_PERMISSIONS),
];

/** What the module may do for itself while it makes a note type or a note: read the limit, and the creator. */
const READS_LIMIT = 'configuration.entries.collection.get';
const READS_CREATOR = 'users.item.get';

/** An entry of `/annotations`: the handler is told which of the permissions about annotations the caller holds, since rights depend on the scope. */
const annotationEntry = (
  method: string,
  path: string,
  permission: string,
  ...modulePermissions: string[]
) => ({
  ...entry(method, path, permission),
  permissionsDesired: ['notes.annotations.*'],
  modulePermissions,
});

/** mod-notes' interface `notes` 4.0, and `annotations`: notes at moments of time, for charts. */
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
      id: 'annotations',
      version: '1.0',
      handlers: [
        annotationEntry('GET', '/annotations', ANNOTATION_PERMISSIONS.read),
        annotationEntry('GET', '/annotations/kinds', ANNOTATION_PERMISSIONS.read),
        annotationEntry('GET', '/annotations/{id}', ANNOTATION_PERMISSIONS.read),
        annotationEntry('POST', '/annotations', ANNOTATION_PERMISSIONS.add, READS_LIMIT, READS_CREATOR),
        annotationEntry('POST', '/annotations/mine', ANNOTATION_PERMISSIONS.mine, READS_LIMIT, READS_CREATOR),
        annotationEntry('PUT', '/annotations/mine/{id}', ANNOTATION_PERMISSIONS.mine, READS_LIMIT),
        annotationEntry('DELETE', '/annotations/mine/{id}', ANNOTATION_PERMISSIONS.mine),
        annotationEntry('PUT', '/annotations/{id}', ANNOTATION_PERMISSIONS.change, READS_LIMIT),
        annotationEntry('DELETE', '/annotations/{id}', ANNOTATION_PERMISSIONS.remove),
        annotationEntry('PUT', '/annotations/{id}/hidden', ANNOTATION_PERMISSIONS.change),
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
