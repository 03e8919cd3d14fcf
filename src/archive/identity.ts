import { hash } from 'node:crypto';
import type { Position } from '#journal';

/**
 * Gives lines of others an identity that is the same at every reading: `segment` is a 64-bit hash of the line's content with the
 * highest bit set (ids of real segments begin with a time and have it clear until the year 2248), `offset` counts the same
 * line before it. Create one per source day and form, so that the hourly and the daily form of a day give the same identities.
 */
export interface LineIdentity {
  of(content: string): Position;
}

/** Is it the identity of a line of others? The time of such a line may be that of its file, so it is only known to the day. */
export const isForeignSegment = (segment: string): boolean => segment >= '8';

/** Creates the counter of one source day. Memory: at most 20 bytes for each different line. */
export const createLineIdentity = (): LineIdentity => {
  const counts = createCounts();
  return {
    of: (content) => {
      const digest = hash('sha256', content, 'buffer');
      const high = (digest.readUInt32BE(0) | 0x8000_0000) >>> 0;
      const low = digest.readUInt32BE(4);
      const segment = high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
      return { segment, offset: counts.next(high, low) };
    },
  };
};

/** Counts of 64-bit keys in an open-addressed table: a day may have millions of lines, too many for a Map of texts. */
const createCounts = (): { next(high: number, low: number): number } => {
  let capacity = 1_024;
  let used = 0;
  let highs = new Uint32Array(capacity);
  let lows = new Uint32Array(capacity);
  let counts = new Uint32Array(capacity);
  const slotOf = (high: number, low: number): number => {
    let slot = low & (capacity - 1);
    while (counts[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low))
      slot = (slot + 1) & (capacity - 1);
    return slot;
  };
  const grow = (): void => {
    const before = { highs, lows, counts };
    capacity *= 2;
    highs = new Uint32Array(capacity);
    lows = new Uint32Array(capacity);
    counts = new Uint32Array(capacity);
    for (const [index, count] of before.counts.entries()) {
      if (count === 0) continue;
      const high = before.highs[index] ?? 0;
      const low = before.lows[index] ?? 0;
      const slot = slotOf(high, low);
      highs[slot] = high;
      lows[slot] = low;
      counts[slot] = count;
    }
  };
  return {
    next: (high, low) => {
      const slot = slotOf(high, low);
      const before = counts[slot] ?? 0;
      highs[slot] = high;
      lows[slot] = low;
      counts[slot] = before + 1;
      if (before === 0) {
        used += 1;
        if (used * 2 > capacity) grow();
      }
      return before;
    },
  };
};
