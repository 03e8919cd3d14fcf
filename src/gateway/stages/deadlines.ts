/** Watches calls that must end in time. All have the same time, so one timer is enough for any number of them. */
export interface Deadlines {
  /** Runs `late` when the time is over. Returns what ends the watch. */
  watch(late: () => void): Watch;
}

/** One call under watch. */
export interface Watch {
  end(): void;
}

/** Creates a watch over calls of at most `timeoutMs`; noticed up to a sixteenth later. */
export const createDeadlines = (timeoutMs: number): Deadlines => {
  const under = new Set<Watched>();
  let timer: NodeJS.Timeout | null = null;
  const look = (): void => {
    const now = performance.now();
    for (const watched of under) {
      if (now - watched.since < timeoutMs) break;
      under.delete(watched);
      watched.late();
    }
    if (under.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
  return {
    watch: (late) => {
      const watched: Watched = { late, since: performance.now(), end: () => under.delete(watched) };
      under.add(watched);
      timer ??= setInterval(look, Math.max(1, timeoutMs / 16)).unref();
      return watched;
    },
  };
};

interface Watched extends Watch {
  readonly late: () => void;
  readonly since: number;
}
