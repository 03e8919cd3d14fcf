import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePathPattern } from './path-pattern.ts';
import { patternsOverlap } from './pattern-overlap.ts';

describe('two path patterns', () => {
  it.each([
    ['/a/{id}', '/a/{name}', true],
    ['/a/{id}', '/a/*', true],
    ['/a/{id}', '/a/b', true],
    ['/a/{id}/x', '/a/*/x', true],
    ['/a/{id}/x', '/a/x', false],
    ['/a/{id}', '/a/', false],
    ['/a/*', '/a/', true],
    ['/a/{id}', '/a/b/c', false],
    ['/a/{x}b', '/a/c{y}', true],
    ['/a/{x}b', '/a/{y}c', false],
    ['/*b', '/*c', false],
    ['/*/b', '/{x}/{y}', true],
    ['/a', '/b', false],
  ])('%s and %s have a path in common: %s', (left, right, overlap) => {
    expect(patternsOverlap(left, right)).toBe(overlap);
    expect(patternsOverlap(right, left)).toBe(overlap);
  });

  it('have one in common exactly when a short path is found that both match', () => {
    const pattern = fc
      .tuple(
        fc.array(fc.constantFrom('a', 'b', '/', '*', '{x}/'), { maxLength: 3 }),
        fc.constantFrom('', '{x}'),
      )
      .map(([parts, end]) => `/${parts.join('')}${end}`);
    // Patterns of nine steps at most, of which the shortest paths that they share have nine characters at most.
    const paths = ['/'];
    for (let at = 0; (paths[at]?.length ?? 9) < 9; at += 1)
      for (const next of 'ab/') paths.push(`${paths[at]}${next}`);
    fc.assert(
      fc.property(pattern, pattern, (left, right) => {
        const [a, b] = [compilePathPattern(left), compilePathPattern(right)];
        const isFound = paths.some((path) => a.matches(path) && b.matches(path));
        expect(patternsOverlap(left, right)).toBe(isFound);
      }),
    );
  });
});
