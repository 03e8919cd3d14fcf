import { describe, expect, test } from 'vitest';
import { cleanText } from './text.ts';

describe('cleanText', () => {
  test('makes a space of each run of control characters', () => {
    expect(cleanText('\u0000a\r\n\tb\u0085', 10)).toBe('a b');
  });

  test('never cuts a character in half', () => {
    expect(cleanText('abc😀', 4)).toBe('abc');
  });

  test('replaces half characters', () => {
    expect(cleanText('a\ud800b', 10)).toBe('a\ufffdb');
  });
});
