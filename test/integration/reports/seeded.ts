/** Random choices that a seed makes the same again. */
export interface Choices {
  /** From 0 up to 1. */
  next(): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Choices from a seed (mulberry32). */
export const choicesFrom = (seed: number): Choices => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (share) => next() < share,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- within the list
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
  };
};
