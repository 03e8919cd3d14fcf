import type { PermissionSet } from '#gateway/contract';
import type { RoleName } from './contract.ts';

/** A role: a permission set with a name that people understand. */
export interface Role {
  readonly name: RoleName;
  /** `role.<name>`, which is what an account is given. */
  readonly set: string;
  readonly title: string;
  readonly description: string;
  /** What it contains, other roles included. */
  readonly permissions: readonly string[];
}

/** The roles, the smallest first. Each contains the one before. */
export const ROLES: readonly Role[] = [
  {
    name: 'viewer',
    set: 'role.viewer',
    title: 'Viewer',
    description: 'Sees reports and notes, and keeps personal notes',
    permissions: [
      'reports.get',
      'reports.page-views.get',
      'consortium.get',
      'notes.collection.get',
      'notes.item.get',
      'note.types.collection.get',
      'note.types.item.get',
      'note.links.collection.get',
      'notes.annotations.collection.get',
      'notes.annotations.mine.write',
    ],
  },
  {
    name: 'editor',
    set: 'role.editor',
    title: 'Editor',
    description: 'A viewer who writes notes about sites',
    permissions: [
      'role.viewer',
      'notes.item.post',
      'notes.item.put',
      'notes.item.delete',
      'note.links.collection.put',
      'notes.annotations.item.post',
      'notes.annotations.item.put',
      'notes.annotations.item.delete',
    ],
  },
  {
    name: 'administrator',
    set: 'role.administrator',
    title: 'Administrator',
    description:
      'An editor who also manages people, API keys, share links, kinds of notes and the configuration',
    permissions: [
      'role.editor',
      'reports.all',
      'notes.all',
      'note.types.item.post',
      'note.types.item.put',
      'note.types.item.delete',
      'notes.annotations.organization.write',
      'notes.annotations.consortium.write',
      'configuration.all',
      'users.all',
      'user-tenants.all',
      'perms.all',
      'login.all',
      'accounts.all',
      'organizations.all',
    ],
  },
  {
    name: 'operator',
    set: 'role.operator',
    title: 'Operator',
    description: 'An administrator who also runs this Rumbrella: organizations, relations, modules, replay',
    permissions: ['role.administrator', 'operations.all'],
  },
];

/** The permission sets of all roles, to be announced. */
export const roleSets: readonly PermissionSet[] = ROLES.map(({ set, title, description, permissions }) => ({
  permissionName: set,
  displayName: `role: ${title}`,
  description,
  subPermissions: permissions,
}));

/** The role of this name; undefined: there is none. */
export const roleOf = (name: string): Role | undefined => ROLES.find((role) => role.name === name);

/** The highest role among the permissions that an account was given. */
export const highestRole = (permissions: readonly string[]): RoleName | null =>
  ROLES.findLast(({ set }) => permissions.includes(set))?.name ?? null;
