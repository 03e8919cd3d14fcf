import { describe, expect, test } from 'vitest';
import { TextStore } from './text-store.ts';

describe('texts', () => {
  test.each([0, 1, 40, 41, 5_000])('of %i characters of one, two and three bytes come back', (length) => {
    for (const letter of ['a', 'ä', '€']) {
      const store = new TextStore();
      const start = store.length;
      expect(store.read(start, store.add(letter.repeat(length)))).toBe(letter.repeat(length));
    }
  });

  test('with half a character hold U+FFFD in its place', () => {
    const store = new TextStore();
    expect(store.read(1, store.add('a\ud800'))).toBe('a\ufffd');
  });

  test('stay where they are when the store grows', () => {
    const store = new TextStore();
    const end = store.add('first');
    store.add('x'.repeat(3_000_000));
    expect(store.read(1, end)).toBe('first');
  });
});
