import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesAfter, covers, earliest, isBefore, latest, withoutGone } from './cursor.ts';

const segment = fc.constantFrom('00000000000000a1', '00000000000000a2', '00000000000000a3');
const cursor = fc.dictionary(segment, fc.integer({ min: 0, max: 20 }));
const position = fc.record({ segment, offset: fc.integer({ min: 0, max: 20 }) });

describe('cursors', () => {
  test('the earliest has read what both have read, the latest what one of them has', () => {
    fc.assert(
      fc.property(cursor, cursor, position, (a, b, at) => {
        expect(isBefore(at, earliest(a, b))).toBe(isBefore(at, a) && isBefore(at, b));
        expect(isBefore(at, latest(a, b))).toBe(isBefore(at, a) || isBefore(at, b));
      }),
    );
  });

  test('one covers another exactly when it has read every position that the other has', () => {
    fc.assert(
      fc.property(cursor, cursor, (a, b) => {
        const all = ['00000000000000a1', '00000000000000a2', '00000000000000a3'].flatMap((id) =>
          Array.from({ length: 20 }, (_, offset) => ({ segment: id, offset })),
        );
        expect(covers(a, b)).toBe(all.every((at) => !isBefore(at, b) || isBefore(at, a)));
      }),
    );
  });

  test('a segment that a cursor does not name counts as unread', () => {
    const segments = [
      { segment: '00000000000000a1', bytes: 100 },
      { segment: '00000000000000a2', bytes: 50 },
    ];
    expect(bytesAfter({ '00000000000000a1': 40 }, segments)).toBe(110);
  });

  test('segments that are gone are forgotten', () => {
    const both = { '00000000000000a1': 5, '00000000000000a2': 6 };
    expect(withoutGone(both, new Set(['00000000000000a2']))).toEqual({ '00000000000000a2': 6 });
  });
});
