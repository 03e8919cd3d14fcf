import { expect, test } from 'vitest';
import { unstoredWords } from './unstored-words.ts';

const NONE = {
  received: 0,
  refused: [],
  journaled: 0,
  stored: 0,
  archivedOnly: 0,
  notAccepted: [],
  quarantined: [],
  pending: 0,
};

test('beacons that did not become page views are told with the commonest reason first', () => {
  expect(
    unstoredWords({
      ...NONE,
      refused: [{ reason: 'too_large', count: 2 }],
      notAccepted: [{ reason: 'hostname', count: 12 }],
      quarantined: [
        { reason: '27', count: 3 },
        { reason: '6', count: 1 },
      ],
    }),
  ).toBe('12 other host name, 4 quarantined, 2 too large');
});

test('nothing is said when all did', () => {
  expect(unstoredWords({ ...NONE, received: 5, journaled: 5, stored: 5 })).toBe('');
});
