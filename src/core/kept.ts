import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

/** Answers that are remembered for a short time, by key. */
export interface Kept<T> {
  /** The answer for this key: a remembered one, or a new one. One question is under way per key at most. */
  get(key: string): Promise<T>;
  /** Forgets everything, because something has changed. */
  forget(): void;
}

/** Keeps the answers of `ask` for `ms` milliseconds, at most `most` of them. A failed question is not an answer and is not kept. */
export const createKept = <T>(
  ms: number,
  most: number,
  clock: Clock,
  ask: (key: string) => Promise<T>,
): Kept<T> => {
  const answers = new LRUCache<string, { readonly until: number; readonly answer: Promise<T> }>({
    max: most,
  });
  return {
    get: (key) => {
      const known = answers.get(key);
      if (known !== undefined && known.until > clock.monotonic()) return known.answer;
      const answer = ask(key);
      const entry = { until: clock.monotonic() + ms, answer };
      answers.set(key, entry);
      answer.catch(() => {
        if (answers.peek(key) === entry) answers.delete(key);
      });
      return answer;
    },
    forget: () => answers.clear(),
  };
};
