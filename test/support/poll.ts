import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks again and again until `look` gives something (not undefined, null or false), for things that another process does.
 * Errors: names what was waited for, after `timeoutMs`.
 */
export const poll = async <T>(
  what: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  timeoutMs = 30_000,
): Promise<T> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(50);
  }
};
