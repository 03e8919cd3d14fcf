import type { Clock } from '#core';

/** Ends what takes too long, with one timer for everybody: a timer for each beacon would cost more than reading its body. */
export interface Deadlines {
  /** `expire` is called after `ms` milliseconds, or up to a quarter of that later; not after the function that is returned was called. */
  start(expire: () => void): () => void;
  stop(): void;
}

/** Creates deadlines that are all of the same length, so that the oldest is always the first to expire. */
export const createDeadlines = (ms: number, clock: Clock): Deadlines => {
  const open = new Set<{ readonly since: number; readonly expire: () => void }>();
  const look = setInterval(
    () => {
      const due = clock.monotonic() - ms;
      for (const deadline of open) {
        if (deadline.since > due) return;
        open.delete(deadline);
        deadline.expire();
      }
    },
    Math.min(1_000, Math.max(20, ms / 4)),
  );
  look.unref();
  return {
    start: (expire) => {
      const deadline = { since: clock.monotonic(), expire };
      open.add(deadline);
      return () => open.delete(deadline);
    },
    stop: () => clearInterval(look),
  };
};
