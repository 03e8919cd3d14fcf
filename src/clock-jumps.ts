import type { Log, Metrics } from '#core';

/** What a steady clock tells its jumps to: a line in the log and a counter for each. */
export const reportClockJumps = (log: Log, metrics: Metrics): ((byMs: number) => void) => {
  const jumps = metrics.counter(
    'rumbrella_clock_jumps_total',
    'Jumps of the wall clock by more than a minute',
    ['direction'],
  );
  return (byMs) => {
    log.warn('clock_jumped', { by_ms: byMs });
    jumps.inc({ direction: byMs > 0 ? 'ahead' : 'back' });
  };
};
