import type { Clock } from '#core';

/** How a steady clock judges jumps. */
export interface SteadyClockOptions {
  /** A jump forward by more than this is not believed at once. Default one day. */
  readonly maxJumpMs?: number;
  /** It is believed when the wall clock still shows it after this time. Default 60 s. */
  readonly confirmMs?: number;
  /** Told of each jump of more than a minute in either direction, once, when it is first seen; ms, negative: back. */
  readonly onJump?: (byMs: number) => void;
}

const TOLD_FROM_MS = 60_000;

/**
 * Wraps a clock so that a wall clock that leaps far ahead (a bad time server, a typing error of an operator) does not expire
 * every tenant: until the leap is confirmed, `now` goes on from the last believed time with the monotonic clock. Jumps back
 * and small jumps are followed at once.
 */
export const createSteadyClock = (clock: Clock, options: SteadyClockOptions = {}): Clock => {
  const { maxJumpMs = 86_400_000, confirmMs = 60_000, onJump } = options;
  let believedWall = clock.now();
  let believedMono = clock.monotonic();
  /** Monotonic time at which the leap was first seen. */
  let leapSince: number | null = null;
  const now = (): number => {
    const wall = clock.now();
    const mono = clock.monotonic();
    const expected = believedWall + (mono - believedMono);
    const jump = wall - expected;
    if (Math.abs(jump) > TOLD_FROM_MS && leapSince === null) onJump?.(Math.round(jump));
    if (jump > maxJumpMs) {
      leapSince ??= mono;
      if (mono - leapSince < confirmMs) return Math.trunc(expected);
    }
    leapSince = null;
    believedWall = wall;
    believedMono = mono;
    return wall;
  };
  return { now, monotonic: () => clock.monotonic(), sleep: (ms, signal) => clock.sleep(ms, signal) };
};
