import type { AnnotationScope } from '../../api/annotations.ts';
import type { Access } from '../../state/access.ts';
import type { WritableScope } from './note-draft.ts';

/** What a scope means, for people. */
export const SCOPE_WORDS: Readonly<Record<AnnotationScope, string>> = {
  personal: 'Only me',
  site: 'This site',
  organization: 'Whole organization',
  consortium: 'Consortium',
  system: 'Rumbrella',
};

const RIGHTS: readonly (readonly [WritableScope, string])[] = [
  ['site', 'notes.annotations.item.post'],
  ['organization', 'notes.annotations.organization.write'],
  ['personal', 'notes.annotations.mine.write'],
];

/** Scopes that the caller may write in the organization shown; `isUmbrella`: it is his own and has members. */
export const writableScopes = (access: Access, isUmbrella: boolean): readonly WritableScope[] => {
  const scopes = RIGHTS.filter(([, permission]) => access.may(permission)).map(([scope]) => scope);
  return isUmbrella && access.may('notes.annotations.consortium.write') ? [...scopes, 'consortium'] : scopes;
};
