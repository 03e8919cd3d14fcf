import { LRUCache } from 'lru-cache';
import type { Clock } from '#core';
import { type ModuleResponse, text } from '#gateway/contract';

/** Failed logins that are allowed within the window, for one user from one address. */
const MOST_FAILURES = 5;
const WINDOW_MS = 15 * 60_000;
const MOST_KEYS = 100_000;

/** Slows down guessing: by address and user together, so that nobody can lock somebody else out from elsewhere. */
export interface Attempts {
  /** Seconds to wait; 0: go on. */
  waitSeconds(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

/** Creates the counter, in memory and bounded. */
export const createAttempts = (clock: Clock): Attempts => {
  const failures = new LRUCache<string, { readonly count: number; readonly since: number }>({
    max: MOST_KEYS,
  });
  const recent = (key: string) => {
    const entry = failures.get(key);
    return entry !== undefined && clock.monotonic() - entry.since < WINDOW_MS ? entry : undefined;
  };
  return {
    waitSeconds: (key) => {
      const entry = recent(key);
      if (entry === undefined || entry.count < MOST_FAILURES) return 0;
      return Math.max(1, Math.ceil((entry.since + WINDOW_MS - clock.monotonic()) / 1_000));
    },
    failed: (key) => {
      const { count, since } = recent(key) ?? { count: 0, since: clock.monotonic() };
      failures.set(key, { count: count + 1, since });
    },
    succeeded: (key) => failures.delete(key),
  };
};

/** 429 when there were too many failures for this key; null: go on. `what`: failed logins, invitations, … */
export const tooMany = (attempts: Attempts, key: string, what: string): ModuleResponse | null => {
  const wait = attempts.waitSeconds(key);
  if (wait === 0) return null;
  return {
    ...text(429, `Too many failed ${what}, try again later`),
    headers: { 'retry-after': String(wait), 'content-type': 'text/plain' },
  };
};
