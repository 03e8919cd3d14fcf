import { describe, expect, test } from 'vitest';
import { createLineIdentity } from './identity.ts';

describe('the identity of foreign lines', () => {
  test('is the same at every reading and counts equal lines', () => {
    const read = () => {
      const identity = createLineIdentity();
      return ['a', 'b', 'a', 'a', 'b'].map((line) => identity.of(line));
    };
    const positions = read();
    expect(read()).toEqual(positions);
    expect(positions.map(({ offset }) => offset)).toEqual([0, 0, 1, 2, 1]);
    expect(positions[0]?.segment).not.toBe(positions[1]?.segment);
  });

  test('cannot be that of a place in the journal', () => {
    // Ids of segments begin with the time: this one is of the year 2240.
    const late = (BigInt(Date.UTC(2240, 0, 1)) << 20n).toString(16).padStart(16, '0');
    for (const line of ['a', 'b', 'c', 'd']) expect(createLineIdentity().of(line).segment > late).toBe(true);
  });

  test('counts more different lines than its first table holds', () => {
    const identity = createLineIdentity();
    for (const expected of [0, 1])
      for (let line = 0; line < 5_000; line += 1) expect(identity.of(String(line)).offset).toBe(expected);
  });
});
