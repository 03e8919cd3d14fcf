import { describe, expect, test } from 'vitest';
import { createPageGroups } from './page-groups.ts';

const groupOf = createPageGroups([
  { path: '/', group: 'home' },
  { path: '/p/*/reviews', group: 'reviews' },
  { path: '/p/*', group: 'product' },
  { path: '*.html', group: 'page' },
  { path: '/a*b*a', group: 'odd' },
]);

describe('page groups', () => {
  test.each([
    ['/', 'home'],
    ['/p/1', 'product'],
    ['/p/1/reviews', 'reviews'],
    ['/p/reviews', 'product'],
    ['/x.html', 'page'],
    ['/aba', 'odd'],
    ['/a', ''],
    ['/ab', ''],
    ['/other', ''],
  ])('%s belongs to %j', (path, group) => {
    expect(groupOf(path)).toBe(group);
  });

  test('a rule with many wildcards answers for a long path that does not match', () => {
    const slow = createPageGroups([{ path: `${'*a'.repeat(50)}*b`, group: 'x' }]);
    expect(slow(`/${'a'.repeat(100_000)}`)).toBe('');
  });
});
