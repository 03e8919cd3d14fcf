/** Something that happened over the time of a page: an area by buckets, blocks with an end, or marks of single moments. Times are ms since navigation. */
export type TimeLane = {
  readonly name: string;
  /** Which things belong together; gives the colour. */
  readonly group: 'thread' | 'visitor' | 'page';
} & (
  | {
      readonly kind: 'area';
      readonly buckets: readonly Bucket[];
      /** Value at the upper edge. */
      readonly top: number;
      readonly words: (value: number) => string;
    }
  | { readonly kind: 'blocks'; readonly blocks: readonly Block[] }
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
);

/** A value that holds for `BUCKET_MS` from `at`. */
export interface Bucket {
  readonly at: number;
  readonly value: number;
}

/** A stretch of time. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

/** A moment; `sign` is a letter of the kind, so that it is told apart without colour. */
export interface Mark {
  readonly at: number;
  readonly sign: string;
  readonly words: string;
}

/** Length of a bucket, ms. */
export const BUCKET_MS = 100;

/** First moment at which a lane has something to say. */
export const startOfLane = (lane: TimeLane): number => {
  if (lane.kind === 'area')
    return lane.buckets.find(({ value }) => value > 0)?.at ?? Number.POSITIVE_INFINITY;
  return (lane.kind === 'blocks' ? lane.blocks[0]?.from : lane.marks[0]?.at) ?? Number.POSITIVE_INFINITY;
};

/** Last moment of a lane. */
export const endOfLane = (lane: TimeLane): number => {
  if (lane.kind === 'area') return (lane.buckets.at(-1)?.at ?? -BUCKET_MS) + BUCKET_MS;
  return lane.kind === 'blocks'
    ? lane.blocks.reduce((last, { to }) => Math.max(last, to), 0)
    : (lane.marks.at(-1)?.at ?? 0);
};

/** What a lane says of a moment; marks within `reach` ms of it count. Empty: nothing. */
export const wordsAt = (lane: TimeLane, moment: number, reach: number): readonly string[] => {
  if (lane.kind === 'area') {
    const bucket = lane.buckets.findLast(({ at }) => at <= moment && moment < at + BUCKET_MS);
    return bucket === undefined ? [] : [lane.words(bucket.value)];
  }
  if (lane.kind === 'blocks')
    return lane.blocks.filter(({ from, to }) => from <= moment && moment <= to).map(({ words }) => words);
  return lane.marks.filter(({ at }) => Math.abs(at - moment) <= reach).map(({ words }) => words);
};

/**
 * An area as bars that touch each other: `[from, to, value]`, with one list for each stretch without a gap; neighbours of the same value are one bar. What
 * begins after `end` is left out.
 */
export const runsOf = (
  buckets: readonly Bucket[],
  end: number,
): readonly (readonly (readonly [from: number, to: number, value: number])[])[] => {
  const runs: [number, number, number][][] = [];
  for (const { at, value } of buckets) {
    if (at >= end) break;
    const run = runs.at(-1);
    const last = run?.at(-1);
    const to = Math.min(end, at + BUCKET_MS);
    // A bucket that begins before the one before has ended is of a beacon whose begin is less certain: it goes on where that one ends.
    if (run === undefined || last === undefined || at > last[1]) runs.push([[at, to, value]]);
    else if (last[2] === value) last[1] = Math.max(last[1], to);
    else if (to > last[1]) run.push([last[1], to, value]);
  }
  return runs;
};
