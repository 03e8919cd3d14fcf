import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPageViewId, writePageViewId } from './id.ts';

describe('id of a page view', () => {
  test('is read as it was written, and needs no escaping in a URL', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (second, hash) => {
          const id = writePageViewId(second, String(hash));
          expect(readPageViewId(id)).toEqual({ second, hash });
          expect(encodeURIComponent(id)).toBe(id);
        },
      ),
    );
  });

  test.each([
    '',
    '-',
    'a-',
    '-a',
    'A-B',
    'a-b-c',
    "a-b'",
    'a-b\0',
    '../secret',
    'zzzzzzz-1',
    '1-zzzzzzzzzzzzz',
    '1-zzzzzzzzzzzzzz',
    '1 -1',
    '١-1',
  ])('%j is none', (text) => {
    expect(readPageViewId(text)).toBeNull();
  });
});
