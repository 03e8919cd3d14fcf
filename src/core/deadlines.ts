import { createChain, type Link } from './chain.ts';
import type { Clock } from './clock.ts';

/**
 * Ends what takes too long, with one timer for everybody, however many: a timer for each request would cost more than carrying it. All have the same time, so
 * the oldest is always the first to be late.
 */
export interface Deadlines {
  /** Runs `late` when the time is over, or up to a sixteenth of it (1 s at most) later; not after the link was left. */
  watch(late: () => void): Link;
  /** Ends all watches. */
  stop(): void;
}

/** Creates deadlines of `ms` milliseconds. Its timer does not keep a process alive. */
export const createDeadlines = (ms: number, clock: Pick<Clock, 'monotonic'>): Deadlines => {
  const lookEveryMs = Math.min(1_000, Math.max(1, ms / 16));
  const open = createChain<Watched>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const due = clock.monotonic() - ms;
    for (let oldest = open.first(); oldest !== undefined && oldest.since <= due; oldest = open.first()) {
      open.shift();
      oldest.late();
    }
    if (open.first() === undefined) stop();
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    while (open.shift() !== undefined);
  };
  return {
    watch: (late) => {
      timer ??= setInterval(look, lookEveryMs).unref();
      return open.add({ since: clock.monotonic(), late });
    },
    stop,
  };
};

interface Watched {
  readonly since: number;
  readonly late: () => void;
}
