/** Time as a dependency: everything that asks for the time takes a `Clock`, so a test can hold it still or jump. */
export interface Clock {
  /** Wall clock, epoch milliseconds. May jump in either direction. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. Never goes back; use it for durations and timers. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};

/** A clock that a test moves by hand. Sleepers wake when `advance` passes their moment, in order. */
export interface ManualClock extends Clock {
  /** Moves both clocks forward by `ms` and wakes the sleepers that are due. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as a clock jump does; the monotonic clock and the sleepers do not notice. */
  jumpTo(epochMs: number): void;
}

/** Creates a clock that stands at `start` (epoch milliseconds) until it is moved. */
export const createManualClock = (start: number): ManualClock => {
  let wall = start;
  let mono = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => wall,
    monotonic: () => mono,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: mono + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
    advance: (ms) => {
      wall += ms;
      mono += ms;
      const due = sleepers.filter((sleeper) => sleeper.at <= mono).toSorted((a, b) => a.at - b.at);
      sleepers = sleepers.filter((sleeper) => sleeper.at > mono);
      for (const sleeper of due) sleeper.wake();
    },
    jumpTo: (epochMs) => {
      wall = epochMs;
    },
  };
};
