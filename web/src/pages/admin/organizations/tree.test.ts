import { expect, test } from 'vitest';
import type { OrganizationLine, RelationLine } from '#operations';
import { prefixOf } from './prefix.ts';
import { treeOf } from './tree.ts';

const organization = (id: string): OrganizationLine => ({
  id,
  name: id,
  state: 'active',
  traces: [],
  expiresAt: null,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
  rows: null,
  lastBeaconAt: null,
});

const relation = (
  tenant: string,
  executesAs: readonly string[],
  state: RelationLine['state'] = 'active',
): RelationLine => ({
  id: `${tenant}#1`,
  tenant,
  executesAs,
  modules: ['notes'],
  permissions: [],
  rules: [],
  requiresAccount: false,
  state,
  expiresAt: null,
  lastWriteAt: null,
});

const told = (ids: readonly string[], relations: readonly RelationLine[]): readonly string[] =>
  treeOf(ids.map(organization), relations).map(
    ({ organization: { id }, depth, actors }) => `${'>'.repeat(depth)}${id}(${actors.join()})`,
  );

test('members stand below their umbrella, everybody once, and the others after them', () => {
  expect(
    told(
      ['shop', 'news', 'alone', 'agency', 'library'],
      [relation('agency', ['shop', 'news']), relation('library', ['news'])],
    ),
  ).toEqual(['agency()', '>shop(agency)', '>news(agency,library)', 'library()', 'alone()']);
});

test('a relation that has ended makes no branch, and two that act for each other stand side by side', () => {
  expect(told(['a', 'b'], [relation('a', ['b'], 'expired')])).toEqual(['a()', 'b()']);
  expect(told(['a', 'b'], [relation('a', ['b']), relation('b', ['a'])])).toEqual(['a(b)', 'b(a)']);
});

test.each([
  ['Fashion BG', 'fashion_bg'],
  ['  Café  Évian 24 ', 'cafe_evian_24'],
  ['24 hours', 'hours'],
  ['Книги', ''],
])('the name %s proposes the prefix %s', (name, prefix) => {
  expect(prefixOf(name)).toBe(prefix);
});
