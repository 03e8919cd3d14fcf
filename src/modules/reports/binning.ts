import type { Bin, Distribution } from '#vitals';

/** How many values of a distribution fall into each bin; bins and distribution ascending. */
export const countInBins = (bins: readonly Bin[], distribution: Distribution): readonly number[] => {
  const counts = bins.map(() => 0);
  let at = 0;
  for (const [bucket, count] of distribution) {
    while (at < bins.length - 1 && bucket > (bins[at]?.lastBucket ?? 0)) at += 1;
    counts[at] = (counts[at] ?? 0) + count;
  }
  return counts;
};

/** The bins from the first to the last one in which any of the counts is not 0: [first, end). */
export const shownRange = (
  ...counts: readonly (readonly number[])[]
): readonly [first: number, end: number] => {
  const length = counts[0]?.length ?? 0;
  const isUsed = (index: number): boolean => counts.some((each) => (each[index] ?? 0) > 0);
  const indexes = Array.from({ length }, (_, index) => index);
  const first = indexes.find(isUsed);
  return first === undefined ? [0, 0] : [first, (indexes.findLast(isUsed) ?? first) + 1];
};
