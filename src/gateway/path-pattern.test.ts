import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { compilePathPattern, patternProblem } from './path-pattern.ts';

describe('a path pattern', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/', false],
    ['/a', '/A', false],
    ['/a', '/ab', false],
    ['/a', '', false],
    ['/a/{id}', '/a/b', true],
    ['/a/{id}', '/a/b%2Fc', true],
    ['/a/{id}', '/a/', false],
    ['/a/{id}', '/a/b/c', false],
    ['/a*', '/a', true],
    ['/a*', '/ab', true],
    ['/a*', '/a/b/c', true],
    ['/a/{id}/c*', '/a/1/c', true],
    ['/a/{id}/c*', '/a/1/cd/e', true],
    ['/*', '/', true],
    ['/*', '/x/y', true],
    ['*', '', true],
    ['/a/*/c', '/a/b/c', true],
    ['/a/*/c', '/a//c', true],
    ['/a/*/c', '/a/c', false],
    ['/*/{id}', '/x/', false],
    ['/**', '/x', true],
    ['/{a}x', '/bx', false],
  ])('%s against %s is %s', (pattern, path, expected) => {
    expect(compilePathPattern(pattern).matches(path)).toBe(expected);
  });

  it('gives the values of its parameters as they were sent', () => {
    const pattern = compilePathPattern('/note-links/type/{type}/id/{id}');
    expect({ ...pattern.params('/note-links/type/a%20b/id/7') }).toEqual({ type: 'a%20b', id: '7' });
  });

  it('decides as trying every split does, with any number of stars', () => {
    const piece = fc.constantFrom('a', 'b', '/', '*', '{x}', 'ab', '/a');
    const patterns = fc.array(piece, { maxLength: 7 }).map((pieces) => `/${pieces.join('')}`);
    const paths = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 9 }).map((rest) => `/${rest}`);
    fc.assert(
      fc.property(patterns, paths, (pattern, path) => {
        expect(compilePathPattern(pattern).matches(path)).toBe(tryEverySplit(pattern, path));
      }),
      { numRuns: 5_000 },
    );
  });

  it('looks at a long path a bounded number of times however many stars there are', () => {
    const pattern = compilePathPattern(`/${'*a{x}b'.repeat(40)}c`);
    expect(pattern.matches(`/${'a'.repeat(8_000)}`)).toBe(false);
    expect(compilePathPattern(`/${'*a'.repeat(200)}`).matches(`/${'a'.repeat(8_000)}b`)).toBe(false);
  });

  it('sorts itself under its literal start', () => {
    expect(compilePathPattern('/a/{id}/b').bucket).toBe('/a/');
    expect(compilePathPattern('/a/b*').bucket).toBe('/a/');
    expect(compilePathPattern('/a/b').bucket).toBe('/a/b');
    expect(compilePathPattern('/*').bucket).toBe('/');
  });

  it.each([
    ['/a%b', 'Invalid character % for pathPattern'],
    ['/a.b', 'Invalid character . for pathPattern'],
    ['/a}', 'Invalid character } for pathPattern'],
    ['/{a/b}', 'Invalid character / inside {}-construct in pathPattern'],
    ['/{a', 'Missing }-character for {}-construct in pathPattern'],
    ['/a b', 'Invalid character   for pathPattern'],
  ])('refuses %s', (pattern, problem) => {
    expect(patternProblem(pattern)).toBe(problem);
  });

  it('accepts hyphens, digits and underscores', () => {
    expect(patternProblem('/a-b_c/{record_id-2}/9/*')).toBeNull();
  });
});

/** The meaning of a pattern, said as simply and slowly as possible. */
const tryEverySplit = (pattern: string, path: string): boolean => {
  if (pattern === '') return path === '';
  if (pattern.startsWith('*'))
    return Array.from({ length: path.length + 1 }, (_, skip) => skip).some((skip) =>
      tryEverySplit(pattern.slice(1), path.slice(skip)),
    );
  if (pattern.startsWith('{')) {
    const slash = path.indexOf('/');
    const length = slash === -1 ? path.length : slash;
    return length > 0 && tryEverySplit(pattern.slice(pattern.indexOf('}') + 1), path.slice(length));
  }
  return path[0] === pattern[0] && tryEverySplit(pattern.slice(1), path.slice(1));
};
