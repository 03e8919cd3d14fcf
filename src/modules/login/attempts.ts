import { LRUCache } from 'lru-cache';
import { type Clock, readIpAddress } from '#core';
import { type ModuleResponse, text } from '#gateway/contract';

/** Failures that are allowed within the window. */
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

/** Creates the counter, in memory and bounded: after `most` failures within a quarter of an hour there is a wait. */
export const createAttempts = (clock: Clock, most = MOST_FAILURES): Attempts => {
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
      if (entry === undefined || entry.count < most) return 0;
      return Math.max(1, Math.ceil((entry.since + WINDOW_MS - clock.monotonic()) / 1_000));
    },
    failed: (key) => {
      const { count, since } = recent(key) ?? { count: 0, since: clock.monotonic() };
      failures.set(key, { count: count + 1, since });
    },
    succeeded: (key) => failures.delete(key),
  };
};

/** Who makes an attempt: the address that the gateway names, of IPv6 its /64, because one client has all of it. */
export const networkOf = (headers: Readonly<Record<string, string | undefined>>): string => {
  const text = headers['x-okapi-request-ip'] ?? '';
  const address = readIpAddress(text);
  if (address === null) return text;
  const bytes = address.toByteArray();
  return bytes.length === 4 ? bytes.join('.') : bytes.slice(0, 8).join(':');
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
