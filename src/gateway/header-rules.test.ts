import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEdgeHeaders } from './edge-headers.ts';
import { isInternal, mayRelay } from './header-rules.ts';

const canary = 'canary';
/** Internal names in every spelling: capitals, `_` for `-`, known ones and invented ones. */
const internalName = fc
  .tuple(
    fc.constantFrom(
      'x-okapi-',
      'x-okapi-module-',
      'x-okapi-tenant',
      'x-okapi-token',
      'x-okapi-user-id',
      'x-okapi-permissions',
    ),
    fc.string({ unit: fc.constantFrom('a', 'z', '-', '_', '0', 't'), maxLength: 12 }),
  )
  .map(([start, rest]) => start + rest)
  .chain((name) =>
    fc.array(fc.nat(3), { minLength: name.length, maxLength: name.length }).map((turns) =>
      name
        .split('')
        .map((char, index) =>
          turns[index] === 0 ? char.toUpperCase() : turns[index] === 1 && char === '-' ? '_' : char,
        )
        .join(''),
    ),
  );
const plainName = fc.constantFrom(
  'Accept',
  'x-my-header',
  'X-Request',
  'content-type',
  'a_b',
  'x-okap',
  'xokapi-tenant',
);

describe('header rules', () => {
  it('let no internal header of a client go on, whatever its spelling, place and number', () => {
    const lines = fc.array(fc.oneof(internalName, plainName), { maxLength: 12 });
    fc.assert(
      fc.property(lines, (names) => {
        const edge = readEdgeHeaders(
          names.flatMap((name) => [name, isInternal(name.toLowerCase()) ? canary : 'fine']),
        );
        if (edge.kind === 'refused') return;
        expect(JSON.stringify(edge.headers)).not.toContain(canary);
        for (const name of names)
          if (!isInternal(name.toLowerCase())) expect(edge.headers[name.toLowerCase()]).toContain('fine');
      }),
      { numRuns: 3_000 },
    );
  });

  it('let no internal header of an answer go on to later entries', () => {
    fc.assert(
      fc.property(internalName, (name) => {
        expect(mayRelay(name.toLowerCase(), null)).toBe(false);
        expect(mayRelay(name.toLowerCase(), new Set([name.toLowerCase()]))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('join other headers that come twice', () => {
    const edge = readEdgeHeaders(['Accept', 'a', 'ACCEPT', 'b']);
    expect(edge).toMatchObject({ headers: { accept: 'a, b' } });
  });
});
