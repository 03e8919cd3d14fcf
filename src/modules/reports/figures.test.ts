import { describe, expect, test } from 'vitest';
import { bucketOf, scaleOfVital, type VitalId } from '#vitals';
import { figuresOf, passesOf } from './figures.ts';

const of = (vital: VitalId, value: number, count: number) =>
  figuresOf(vital, [[bucketOf(scaleOfVital(vital), value), count]], count, 75);

describe('figures of a vital', () => {
  test('are not rated below a hundred values', () => {
    expect([of('lcp', 9_000, 99).rating, of('lcp', 9_000, 100).rating]).toEqual([null, 'poor']);
  });

  test('without values are null, not zero', () => {
    expect(figuresOf('inp', [], 12, 75)).toEqual({
      vital: 'inp',
      value: null,
      rating: null,
      interval: null,
      shares: null,
      samples: 0,
      coverage: 0,
    });
  });

  test('tell how many page views they are from', () => {
    expect(figuresOf('cls', [[1, 30]], 40, 75).coverage).toBe(0.75);
  });
});

describe('a page', () => {
  const good = [of('lcp', 2_500, 200), of('inp', 200, 200), of('cls', 0.1, 200)];

  test('passes when all three core vitals are good, whatever the others are', () => {
    expect(passesOf([...good, of('ttfb', 5_000, 200)])).toBe(true);
  });

  test('does not pass with one that is not good', () => {
    expect(passesOf([...good.slice(0, 2), of('cls', 0.11, 200)])).toBe(false);
  });

  test('is not judged when one of them has too few page views or is missing', () => {
    expect(passesOf([...good.slice(0, 2), of('cls', 0.11, 99)])).toBeNull();
    expect(passesOf(good.slice(0, 2))).toBeNull();
  });
});
