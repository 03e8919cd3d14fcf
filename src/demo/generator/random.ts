/** Random numbers that a seed repeats exactly, in the shapes that measurements of real users have. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** Whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Picks by weight. */
  weighted<T>(items: readonly [readonly [weight: number, item: T], ...(readonly [number, T])[]]): T;
  /** Log-normal: half of the values are below `median`; `sigma` 0.5 is a mild tail, 1 a heavy one. Rounded. */
  skewed(median: number, sigma: number): number;
  /** Characters from `alphabet`. */
  text(length: number, alphabet?: string): string;
}

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Creates a generator; equal seeds give equal sequences. Not for secrets (it is mulberry32). */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  /** Normal distribution by Box and Muller. */
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    weighted: (items) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items[0][1];
    },
    skewed: (median, sigma) => Math.round(median * Math.exp(sigma * normal())),
    text: (length, alphabet = BASE36) => {
      let text = '';
      for (let index = 0; index < length; index++) text += alphabet.charAt(whole(0, alphabet.length - 1));
      return text;
    },
  };
};
