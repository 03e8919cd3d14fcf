import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readChoice,
  readCount,
  readNames,
  readOrdering,
  toggled,
  writeNames,
  writeOrdering,
} from './extra.ts';

describe("a page's own choices in the address", () => {
  test('what cannot be read is as usual', () => {
    expect(readChoice('views', 'value', ['value', 'views'])).toBe('views');
    expect(readChoice('nonsense', 'value', ['value', 'views'])).toBe('value');
    expect(readChoice(undefined, 'value', ['value', 'views'])).toBe('value');
    expect(['58', '0', '99999', '-1', '1e3', undefined].map((text) => readCount(text, 8, 500))).toEqual([
      58, 1, 500, 8, 8, 8,
    ]);
  });

  test('names that hold anything come back as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), (names) => {
        const text = writeNames(new Set(names));
        expect([...readNames(text ?? undefined)]).toEqual(names);
        if (names.length > 0) expect(text).not.toBe('');
      }),
    );
  });

  test('a name that cannot be decoded is what it is', () => {
    expect([...readNames('%E0%A4|a')]).toEqual(['%E0%A4', 'a']);
    expect(readNames(undefined).size).toBe(0);
  });

  test('a name is added, and taken away again', () => {
    const one = toggled(new Set(['a']), 'b');
    expect([...one]).toEqual(['a', 'b']);
    expect([...toggled(one, 'a')]).toEqual(['b']);
  });

  test('an order comes back as it was, and is as usual where the column is not known', () => {
    const known = ['views', 'value'] as const;
    const usual = { by: 'views', direction: 'desc' } as const;
    for (const by of known)
      for (const direction of ['asc', 'desc'] as const)
        expect(readOrdering(writeOrdering({ by, direction }), usual, known)).toEqual({ by, direction });
    for (const text of [undefined, '', 'name', 'value:up', 'value:asc:asc'])
      expect(readOrdering(text, usual, known)).toEqual(usual);
  });
});
