import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from './form.ts';

const read = (text: string): [string, string][] => {
  const pairs = new Map<string, string>();
  readForm(text, pairs);
  return [...pairs];
};

describe('readForm', () => {
  test('agrees with URLSearchParams about the first value of each name', () => {
    const parts = [
      'a',
      'b',
      '=',
      '&',
      '+',
      '%',
      ' ',
      '%2',
      '%20',
      '%C3%A9',
      '%C3',
      '%ff',
      '%zz',
      '\u0000',
      '"',
    ];
    const piece = fc.array(fc.constantFrom(...parts)).map((found) => found.join(''));
    fc.assert(
      fc.property(piece, (text) => {
        const expected = new Map<string, string>();
        for (const [name, value] of new URLSearchParams(`&${text}`))
          if (!expected.has(name)) expected.set(name, value);
        expect(read(text)).toEqual([...expected]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps the first value when a name comes twice, and says so', () => {
    const pairs = new Map([['a', 'from the body']]);
    expect(readForm('a=1&b=2', pairs)).toEqual({ pairs: 2, exact: false });
    expect([...pairs]).toEqual([
      ['a', 'from the body'],
      ['b', '2'],
    ]);
  });

  test('is exact for what browsers send and not for damaged escapes or pieces without a sign', () => {
    const exact = (text: string): boolean => readForm(text, new Map()).exact;
    expect(exact('u=https%3A%2F%2Fa.b%2F%C3%A9&r=&&t=a+b')).toBe(true);
    expect([exact('a=%zz'), exact('a=%ff'), exact('a'), exact('a=1&a=1')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('stops at the limit of pairs', () => {
    const pairs = new Map<string, string>();
    expect(readForm('a=1&b=2&c=3', pairs, 2)).toEqual({ pairs: 2, exact: false });
    expect([...pairs.keys()]).toEqual(['a', 'b']);
  });

  test('reads letters beside a damaged escape as they are', () => {
    expect(read('a=%ffé%C3%A9')).toEqual([['a', '\ufffdéé']]);
  });

  test('keeps names of prototype members as plain names', () => {
    expect(read('__proto__=1&toString=2')).toEqual([
      ['__proto__', '1'],
      ['toString', '2'],
    ]);
  });
});
