import { clickhouseError } from '../engine/exception.ts';

/** Lets a few in at a time; others wait in the order of their coming. */
export interface Turnstile {
  /** Runs `work` when it is its turn. Errors: 202 when too many wait, 394 when `gone` aborts while waiting. */
  pass<T>(gone: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** Creates a turnstile for `parallel` at a time and `waiting` behind them. */
export const createTurnstile = (parallel: number, waiting: number): Turnstile => {
  let inside = 0;
  const queue: (() => void)[] = [];
  const enter = async (gone: AbortSignal): Promise<void> => {
    if (inside < parallel) {
      inside += 1;
      return;
    }
    if (queue.length >= waiting) {
      throw clickhouseError(202, `Too many simultaneous queries: ${parallel} run and ${waiting} wait`);
    }
    await new Promise<void>((resolve, reject) => {
      const onGone = (): void => {
        queue.splice(queue.indexOf(onTurn), 1);
        reject(clickhouseError(394, 'Query was cancelled: the caller has gone'));
      };
      const onTurn = (): void => {
        gone.removeEventListener('abort', onGone);
        resolve();
      };
      gone.addEventListener('abort', onGone, { once: true });
      queue.push(onTurn);
    });
  };
  return {
    pass: async (gone, work) => {
      await enter(gone);
      try {
        return await work();
      } finally {
        // The place goes to the next in the queue, if there is one.
        const next = queue.shift();
        if (next === undefined) inside -= 1;
        else next();
      }
    },
  };
};
