import { boundsOf, scaleOfVital, thresholdBuckets, valueOfBucket } from './buckets.ts';
import type { VitalId } from './vitals.ts';

/** How many values fell into which bucket: [bucket, count], bucket ascending, counts above 0, no bucket 0. */
export type Distribution = readonly (readonly [bucket: number, count: number])[];

/** Shares of a distribution, 0 to 1; their sum is 1. */
export interface Shares {
  readonly good: number;
  readonly needsImprovement: number;
  readonly poor: number;
}

/** Number of values. */
export const countOf = (distribution: Distribution): number =>
  distribution.reduce((sum, [, count]) => sum + count, 0);

/** Puts distributions together; that, and never a mean of percentiles, is how page views of several groups are judged together. */
export const merge = (...distributions: readonly Distribution[]): Distribution => {
  const counts = new Map<number, number>();
  for (const [bucket, count] of distributions.flat()) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].toSorted(([a], [b]) => a - b);
};

/** Bucket of the value with rank `rank` (from 1); null when there is none. */
const bucketAtRank = (distribution: Distribution, rank: number): number | null => {
  let seen = 0;
  for (const [bucket, count] of distribution) {
    seen += count;
    if (seen >= rank) return bucket;
  }
  return null;
};

/** The `p`-th percentile (0 < p < 100, nearest rank), at most 0.5 % off; null without values. */
export const percentileOf = (id: VitalId, distribution: Distribution, p: number): number | null => {
  const bucket = bucketAtRank(distribution, Math.max(1, Math.ceil((countOf(distribution) * p) / 100)));
  return bucket === null ? null : valueOfBucket(scaleOfVital(id), bucket);
};

const Z_95 = 1.959_964;

/**
 * The 95 % interval of a percentile by the ranks n·p ± 1.96·√(n·p·(1 − p)): with 100 values the p75 lies between the values at p66.5 and p83.5. Null
 * below 20 values, where the upper rank would be beyond the largest value for p75.
 */
export const intervalOf = (
  id: VitalId,
  distribution: Distribution,
  p: number,
): { readonly low: number; readonly high: number } | null => {
  const n = countOf(distribution);
  const share = p / 100;
  const half = Z_95 * Math.sqrt(n * share * (1 - share));
  const low = bucketAtRank(distribution, Math.max(1, Math.floor(n * share - half)));
  const high = bucketAtRank(distribution, Math.min(n, Math.ceil(n * share + half)));
  if (n < 20 || low === null || high === null) return null;
  const scale = scaleOfVital(id);
  return { low: boundsOf(scale, low).from, high: boundsOf(scale, high).to };
};

/** Exact, since the thresholds are edges of buckets; null without values. */
export const sharesOf = (id: VitalId, distribution: Distribution): Shares | null => {
  const n = countOf(distribution);
  if (n === 0) return null;
  const { good, poor } = thresholdBuckets(id);
  let [goods, poors] = [0, 0];
  for (const [bucket, count] of distribution) {
    if (bucket <= good) goods += count;
    else if (bucket > poor) poors += count;
  }
  return { good: goods / n, needsImprovement: (n - goods - poors) / n, poor: poors / n };
};
