import { describe, expect, test } from 'vitest';
import { compareModuleIds, isNpmSnapshot, isPreRelease, satisfies } from './versions.ts';

describe('a module version', () => {
  test('is ordered by number, a pre-release before its release', () => {
    const ordered = [
      'a-1.0.0-alpha',
      'a-1.0.0-alpha.1',
      'a-1.0.0-alpha.beta',
      'a-1.0.0-beta.2',
      'a-1.0.0-beta.11',
      'a-1.0.0',
      'a-1.2.0',
      'a-1.10.0',
      'b-0.1.0',
    ];
    expect(ordered.toReversed().toSorted(compareModuleIds)).toEqual(ordered);
    expect(compareModuleIds('a-1.0.0+1', 'a-1.0.0+2')).toBe(0);
  });

  test('tells pre-releases and npm snapshots', () => {
    expect([isPreRelease('a-1.0.0-SNAPSHOT.3'), isPreRelease('mod-x-1.0.0')]).toEqual([true, false]);
    expect([isNpmSnapshot('folio_x-1.2.10001'), isNpmSnapshot('folio_x-1.2.100')]).toEqual([true, false]);
  });
});

describe('an interface version', () => {
  test.each([
    ['1.2', '1.1', true],
    ['1.2', '1.2', true],
    ['1.2', '1.3', false],
    ['2.0', '1.9', false],
    ['1.2.3', '1.2.4', false],
    ['1.3.0', '1.2.4', true],
    ['16.5', '15.1 16.0', true],
    ['14.0', '15.1 16.0', false],
  ])('%s satisfies %s: %s', (provided, required, is) => {
    expect(satisfies(provided, required)).toBe(is);
  });
});
