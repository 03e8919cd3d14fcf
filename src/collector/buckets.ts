/** Token buckets, one for each key. Nothing runs in the background: a bucket is filled up when it is looked at. */
export interface Buckets {
  /**
   * Takes `tokens` from the bucket of `key` at `now` (monotonic ms); false: it does not hold as many, and nothing was taken. `rate`: that of this key, when
   * it has one of its own.
   */
  take(key: string, tokens: number, now: number, rate?: Rate): boolean;
  /** How many are remembered. */
  readonly size: number;
}

/** How fast a bucket is filled, and how much it holds. */
export interface Rate {
  /** Tokens that come back in a second; 0: everything may be taken. */
  readonly perSecond: number;
  /** Tokens in a full bucket: what may be taken at once. */
  readonly burst: number;
}

/** How the buckets are. */
export interface BucketOptions extends Rate {
  /** So many keys are remembered at most. */
  readonly most: number;
}

interface Bucket {
  left: number;
  filledAt: number;
}

/**
 * Creates the buckets, all full. Keys are kept in two generations: what is asked for moves to the younger one, and when that has half of `most` the older
 * one is forgotten as a whole. So the key that has been quiet for longest goes out, its bucket is full when it comes again, and whoever floods stays known
 * however many others come by.
 */
export const createBuckets = (options: BucketOptions): Buckets => {
  const { most } = options;
  const half = Math.max(1, Math.floor(most / 2));
  let young = new Map<string, Bucket>();
  let old = new Map<string, Bucket>();

  const find = (key: string, burst: number, now: number): Bucket => {
    const known = young.get(key);
    if (known !== undefined) return known;
    const bucket = old.get(key) ?? { left: burst, filledAt: now };
    if (young.size >= half) {
      old = young;
      young = new Map();
    } else old.delete(key);
    young.set(key, bucket);
    return bucket;
  };

  return {
    take: (key, tokens, now, { perSecond, burst } = options) => {
      if (perSecond === 0) return true;
      const bucket = find(key, burst, now);
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.filledAt) * perSecond) / 1_000);
      bucket.filledAt = now;
      if (tokens > bucket.left) return false;
      bucket.left -= tokens;
      return true;
    },
    get size() {
      return young.size + old.size;
    },
  };
};
