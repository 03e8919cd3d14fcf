import { rate, type Rating, scaleOfVital, type VitalId, VITALS } from '#vitals';

/** Values from `from` up to `to` (exclusive) that fell into one bin of a histogram with a logarithmic axis. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  /** May be a fraction, where a bucket lies in two bins. */
  readonly count: number;
  /** Of all values, 0 to 1. */
  readonly share: number;
  /** Share of all values up to the end of this bin. */
  readonly cumulative: number;
  readonly rating: Rating;
}

interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Where a histogram begins and ends. What lies outside is counted in the first and the last bin. */
export interface Domain {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of the axis that is worth drawing: from the 0.5th to the 99th percentile of all the distributions together, both
 * thresholds always inside, since a histogram without them does not tell what is good.
 */
export const domainOf = (vital: VitalId, distributions: readonly (readonly Bucket[])[]): Domain => {
  const { good, poor, unit } = VITALS[vital];
  const least = unit === 'ms' ? 8 : 0.001;
  const buckets = distributions.flat().toSorted((a, b) => a.from - b.from);
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const valueAt = (share: number): number => {
    let seen = 0;
    for (const { to, count } of buckets) if ((seen += count) >= total * share) return to;
    return buckets.at(-1)?.to ?? poor;
  };
  return {
    from: Math.max(least, Math.min(valueAt(0.005), good / 4)),
    to: Math.max(valueAt(0.99), poor * 1.5),
  };
};

/** Edges of about `count` bins, equally wide on a logarithmic axis, with the vital's thresholds among them, so that a bin has one rating. */
export const binEdges = (vital: VitalId, { from, to }: Domain, count: number): readonly number[] => {
  const ratio = (to / from) ** (1 / count);
  const edges = Array.from({ length: count + 1 }, (_, index) => from * ratio ** index);
  const step = 1 / scaleOfVital(vital).stepsPerUnit;
  for (const threshold of [VITALS[vital].good, VITALS[vital].poor]) {
    const nearest = edges.reduce(
      (best, edge, index) =>
        Math.abs(Math.log(edge / threshold)) < Math.abs(Math.log((edges[best] ?? from) / threshold))
          ? index
          : best,
      1,
    );
    // A value that equals the threshold is still on its better side.
    edges[nearest] = threshold + step;
  }
  return edges;
};

/** Puts buckets into bins; a bucket that lies in two is split by how much of it lies in each. */
export const binsOf = (
  vital: VitalId,
  buckets: readonly Bucket[],
  edges: readonly number[],
): readonly HistogramBin[] => {
  const step = 1 / scaleOfVital(vital).stepsPerUnit;
  const counts = Array.from({ length: Math.max(0, edges.length - 1) }, () => 0);
  for (const bucket of buckets) spread(bucket, step, edges, counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  return counts.map((count, index) => {
    const [from, to] = [edges[index] ?? 0, edges[index + 1] ?? 0];
    seen += count;
    const share = total === 0 ? 0 : count / total;
    const cumulative = total === 0 ? 0 : seen / total;
    return { from, to, count, share, cumulative, rating: rate(vital, (from + to) / 2) };
  });
};

const spread = (bucket: Bucket, step: number, edges: readonly number[], counts: number[]): void => {
  const [low, high] = [bucket.from, bucket.to + step];
  const last = counts.length - 1;
  for (let index = 0; index <= last; index++) {
    // The outer bins hold everything beyond them.
    const left = index === 0 ? Number.NEGATIVE_INFINITY : (edges[index] ?? 0);
    const right = index === last ? Number.POSITIVE_INFINITY : (edges[index + 1] ?? 0);
    const overlap = Math.min(high, right) - Math.max(low, left);
    if (overlap > 0) counts[index] = (counts[index] ?? 0) + (bucket.count * overlap) / (high - low);
  }
};
