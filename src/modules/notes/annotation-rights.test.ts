import { describe, expect, test } from 'vitest';
import { ANNOTATION_PERMISSIONS, mayWrite, rightsOn } from './annotation-rights.ts';
import type { StoredAnnotation } from './annotation-store.ts';
import type { AnnotationScope } from './contract.ts';

const { change, remove, mine, organization, consortium, add } = ANNOTATION_PERMISSIONS;
const EDITOR = [add, change, remove, mine];
const ADMINISTRATOR = [...EDITOR, organization, consortium];

const by = (permissions: readonly string[], userId = 'ann', originTenant = 'shop', tenant = 'shop') => ({
  tenant,
  originTenant,
  userId,
  permissions,
});
const note = (scope: AnnotationScope, author: string | null = 'bob', home = 'shop'): StoredAnnotation => ({
  id: '1',
  kindId: 'k',
  kindName: 'Deploy',
  scope,
  site: null,
  startsAt: 0,
  endsAt: 0,
  isPeriod: false,
  title: 'A note',
  content: null,
  pageGroup: null,
  device: null,
  link: null,
  version: null,
  author: author === null ? null : { tenant: home, userId: author, username: author, name: author },
  createdAt: 0,
  updatedAt: 0,
});
const can = (request: ReturnType<typeof by>, annotation: StoredAnnotation, tenant = 'shop'): string =>
  Object.entries(rightsOn(request, tenant, annotation))
    .filter(([, may]) => may)
    .map(([name]) => name)
    .join(' ');

describe('with a note of somebody else', () => {
  test.each<readonly [string, AnnotationScope, readonly string[], string]>([
    ['a viewer', 'site', [mine], ''],
    ['an editor', 'site', EDITOR, 'edit remove'],
    ['an editor', 'organization', EDITOR, ''],
    ['an administrator', 'organization', ADMINISTRATOR, 'edit remove'],
    ['an administrator', 'consortium', ADMINISTRATOR, 'edit remove'],
    ['an administrator', 'personal', ADMINISTRATOR, ''],
    ['an administrator', 'system', ADMINISTRATOR, 'hide'],
  ])('%s can, when its scope is %s', (_, scope, permissions, expected) => {
    expect(can(by(permissions), note(scope))).toBe(expected);
  });

  test('of an umbrella organization one can hide it at most', () => {
    expect(can(by(ADMINISTRATOR), note('consortium'), 'agency')).toBe('hide');
    expect(can(by([mine]), note('consortium'), 'agency')).toBe('');
  });

  test('somebody of the same id in another organization is somebody else', () => {
    expect(can(by([mine]), note('personal', 'ann', 'news'))).toBe('');
  });
});

describe('whoever wrote a note', () => {
  test.each<AnnotationScope>(['personal', 'site', 'organization', 'consortium'])(
    'may change and remove it, as a viewer, too: %s',
    (scope) => {
      expect(can(by([mine]), note(scope, 'ann'))).toBe('edit remove');
    },
  );

  test('may not without any right to write', () => {
    expect(can(by([]), note('site', 'ann'))).toBe('');
  });
});

describe('a new note', () => {
  test.each<readonly [AnnotationScope, readonly string[], boolean]>([
    ['personal', [mine], true],
    ['personal', [add], false],
    ['site', [mine], false],
    ['site', [add], true],
    ['organization', EDITOR, false],
    ['organization', ADMINISTRATOR, true],
    ['consortium', EDITOR, false],
    ['consortium', ADMINISTRATOR, true],
    ['system', ADMINISTRATOR, false],
  ])('of the scope %s by %j', (scope, permissions, expected) => {
    expect(mayWrite(by(permissions), scope)).toBe(expected);
  });

  test('for the consortium is written at home only', () => {
    expect(mayWrite(by(ADMINISTRATOR, 'ann', 'agency', 'shop'), 'consortium')).toBe(false);
  });
});
