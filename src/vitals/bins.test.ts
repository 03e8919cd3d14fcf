import { describe, expect, test } from 'vitest';
import { binsOf } from './bins.ts';
import { scaleOfVital, thresholdBuckets } from './buckets.ts';
import { VITAL_IDS, VITALS } from './vitals.ts';

describe.each(VITAL_IDS)('bins of %s', (vital) => {
  const bins = binsOf(vital);

  test('hold every bucket once, in order', () => {
    expect(bins[0]?.firstBucket).toBe(1);
    expect(bins.slice(1).map(({ firstBucket }) => firstBucket)).toEqual(
      bins.slice(0, -1).map(({ lastBucket }) => lastBucket + 1),
    );
    expect(bins.at(-1)?.lastBucket).toBe(scaleOfVital(vital).edges.length);
  });

  test('end at the thresholds', () => {
    const ends = bins.map(({ lastBucket }) => lastBucket);
    expect(ends).toContain(thresholdBuckets(vital).good);
    expect(ends).toContain(thresholdBuckets(vital).poor);
    expect(bins.map(({ to }) => to)).toEqual(
      expect.arrayContaining([VITALS[vital].good, VITALS[vital].poor]),
    );
  });

  test('are few enough to be read and narrow enough to show something', () => {
    expect(bins.length).toBeLessThan(60);
    expect(bins.filter(({ to }) => to < VITALS[vital].poor).length).toBeGreaterThan(15);
  });
});
