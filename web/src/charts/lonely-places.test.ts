import { describe, expect, test } from 'vitest';
import { lonelyPlaces } from './lonely-places.ts';

describe('lonely places', () => {
  test('are values without a neighbour, also at both ends', () => {
    expect(lonelyPlaces([1, null, 2, 3, null, 4, null])).toEqual([0, 5]);
    expect(lonelyPlaces([null, null, 0])).toEqual([2]);
    expect(lonelyPlaces([7])).toEqual([0]);
  });

  test('are none where a line shows all, and none in nothing', () => {
    expect(lonelyPlaces([1, 2, 3])).toEqual([]);
    expect(lonelyPlaces([null, null])).toEqual([]);
    expect(lonelyPlaces([])).toEqual([]);
  });
});
