import { VITALS, type VitalId } from './vitals.ts';

/**
 * Values of vitals are kept as numbers of buckets, so that distributions merge and percentiles come from merged distributions only. A scale
 * is one list of lower edges over whole *steps* (1 ms; for CLS 0.0001): each step its own bucket as far as 100, then 1 % wide. The
 * thresholds are edges, so the shares of good and poor are exact. Bucket 0 means: no value.
 */
export interface Scale {
  /** Steps of one unit of the vital. */
  readonly stepsPerUnit: number;
  /** Lower edge in steps of bucket 1, 2, …; the last bucket has no upper edge. Fewer than 1,024, so that `quantileTiming` is exact over bucket numbers. */
  readonly edges: readonly number[];
}

const WIDTH = 1.01;
const EXACT_STEPS = 100;

const scaleOf = (thresholds: readonly number[], stepsPerUnit: number, largest: number): Scale => {
  const edges = new Set(Array.from({ length: EXACT_STEPS + 1 }, (_, step) => step));
  for (let edge = EXACT_STEPS; edge <= largest; edge = Math.max(edge + 1, Math.round(edge * WIDTH)))
    edges.add(edge);
  // A value that equals a threshold is still on its better side.
  for (const threshold of thresholds) edges.add(Math.round(threshold * stepsPerUnit) + 1);
  return { stepsPerUnit, edges: [...edges].toSorted((a, b) => a - b) };
};

const thresholdsOf = (unit: string): readonly number[] =>
  Object.values(VITALS)
    .filter((vital) => vital.unit === unit)
    .flatMap(({ good, poor }) => [good, poor]);

const DURATIONS = scaleOf(thresholdsOf('ms'), 1, 600_000);
const SHIFTS = scaleOf(thresholdsOf(''), 10_000, 100_000);

/** The scale of durations, for parts of vitals as well. */
export const DURATION_SCALE: Scale = DURATIONS;

/** The scale of a vital. */
export const scaleOfVital = (id: VitalId): Scale => (VITALS[id].unit === 'ms' ? DURATIONS : SHIFTS);

/** Number of the bucket of a value; 0 for null. */
export const bucketOf = (scale: Scale, value: number | null): number => {
  if (value === null) return 0;
  const steps = Math.round(value * scale.stepsPerUnit);
  let [low, high] = [0, scale.edges.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((scale.edges[middle] ?? 0) <= steps) low = middle;
    else high = middle - 1;
  }
  return low + 1;
};

/** Least and greatest value of a bucket, in the vital's unit. The last bucket ends where it begins. */
export const boundsOf = (scale: Scale, bucket: number): { readonly from: number; readonly to: number } => {
  const from = scale.edges[bucket - 1] ?? 0;
  const to = Math.max(from, (scale.edges[bucket] ?? from + 1) - 1);
  return { from: from / scale.stepsPerUnit, to: to / scale.stepsPerUnit };
};

/** The value that stands for a bucket: its middle, so at most 0.5 % from every value in it (or the value itself as far as 100 steps). */
export const valueOfBucket = (scale: Scale, bucket: number): number => {
  const { from, to } = boundsOf(scale, bucket);
  return Math.round(((from + to) / 2) * scale.stepsPerUnit) / scale.stepsPerUnit;
};

/** Number of the last bucket whose values are good, and of the last that are not poor. */
export const thresholdBuckets = (id: VitalId): { readonly good: number; readonly poor: number } => {
  const scale = scaleOfVital(id);
  return { good: bucketOf(scale, VITALS[id].good), poor: bucketOf(scale, VITALS[id].poor) };
};
