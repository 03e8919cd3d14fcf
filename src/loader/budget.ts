import type { Clock } from '#core';

/**
 * How long a round collects before it is inserted (ms): at least `windowMs`, and with many active tenants as long as the insert
 * budget needs for one insert each. So small tenants get fresher rows when there are few, and never more inserts than the server bears.
 */
export const roundWindowMs = (
  activeTenants: number,
  { windowMs, insertsPerSecond }: { readonly windowMs: number; readonly insertsPerSecond: number },
): number => Math.max(windowMs, (activeTenants / insertsPerSecond) * 1_000);

/** The inserts that all tenants together may start. */
export interface InsertBudget {
  /** Resolves when one more insert may start (or when `signal` aborts). */
  take(signal?: AbortSignal): Promise<void>;
}

/** Creates a budget of `insertsPerSecond`, of which one second's worth may be started at once. */
export const createInsertBudget = (insertsPerSecond: number, clock: Clock): InsertBudget => {
  const spacingMs = 1_000 / insertsPerSecond;
  let nextAt = clock.monotonic();
  return {
    take: async (signal) => {
      const now = clock.monotonic();
      nextAt = Math.max(nextAt, now - 1_000) + spacingMs;
      if (nextAt > now) await clock.sleep(nextAt - now, signal);
    },
  };
};
