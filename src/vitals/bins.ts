import { boundsOf, bucketOf, scaleOfVital, thresholdBuckets } from './buckets.ts';
import type { VitalId } from './vitals.ts';

/** Some buckets that are shown as one, with the least and greatest value in them; the last one has no upper bound. */
export interface Bin {
  readonly firstBucket: number;
  readonly lastBucket: number;
  /** In the vital's unit. */
  readonly from: number;
  readonly to: number;
}

/** Narrowest bin, and where the last one begins: 10 ms and a minute; 0.005 and 2 for CLS. */
const SIZES = { ms: { narrow: 10, last: 60_000 }, '': { narrow: 0.005, last: 2 } } as const;
const WIDTH = 1.2;

/**
 * The bins of a vital, ascending and without gaps: each about 20 % wide, and no bin on both sides of a threshold. Fewer than 50, so that a
 * chart of them can be read.
 */
export const binsOf = (id: VitalId): readonly Bin[] => {
  const scale = scaleOfVital(id);
  const { narrow, last } = SIZES[scale.stepsPerUnit === 1 ? 'ms' : ''];
  const { good, poor } = thresholdBuckets(id);
  const bins: Bin[] = [];
  for (let first = 1; first <= scale.edges.length; ) {
    const { from } = boundsOf(scale, first);
    const next = Math.max(from * WIDTH, from + narrow);
    const stop = [good, poor].find((bucket) => first <= bucket) ?? scale.edges.length;
    const lastBucket =
      from >= last ? scale.edges.length : Math.min(stop, Math.max(first, bucketOf(scale, next) - 1));
    bins.push({ firstBucket: first, lastBucket, from, to: boundsOf(scale, lastBucket).to });
    first = lastBucket + 1;
  }
  return bins;
};
