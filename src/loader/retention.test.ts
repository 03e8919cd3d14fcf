import { describe, expect, test } from 'vitest';
import { removableSegments } from './retention.ts';

const A = '00000000000000a1';
const segment = { segment: A, bytes: 100, sealed: true, changedAt: 1_000 };
const times = { now: 10_000, keepMs: 5_000, urgent: false };

describe('a segment', () => {
  test('may be deleted when it is sealed, old, and read to its end by everybody', () => {
    expect(removableSegments([segment], [{ [A]: 100 }, { [A]: 100 }], times)).toEqual([A]);
  });

  test.each([
    ['somebody has not read its end', [segment], [{ [A]: 100 }, { [A]: 99 }], times],
    ['somebody does not know it', [segment], [{ [A]: 100 }, {}], times],
    ['it is still written', [{ ...segment, sealed: false }], [{ [A]: 100 }], times],
    ['it is young', [{ ...segment, changedAt: 6_000 }], [{ [A]: 100 }], times],
  ])('is kept when %s', (_, segments, cursors, when) => {
    expect(removableSegments(segments, cursors, when)).toEqual([]);
  });

  test('is not kept for its age when the disk is nearly full', () => {
    const young = { ...segment, changedAt: 9_999 };
    expect(removableSegments([young], [{ [A]: 100 }], { ...times, urgent: true })).toEqual([A]);
    expect(removableSegments([young], [{ [A]: 50 }], { ...times, urgent: true })).toEqual([]);
  });
});
