import { errorText, type Log, type Metrics } from '#core';

/** What a process does with failures that nobody has caught. */
export interface FailureWatch {
  /** From now on they are counted in `rumbrella_process_failures_total{kind}`, with those that were before. */
  countIn(metrics: Metrics): void;
}

/**
 * Notices what nobody has caught. A rejection that nobody waits for says that one piece of work failed: it is logged and counted, and
 * everything goes on, for beacons are worth more than tidiness. After an exception nothing can be relied upon: `end` is called once, and
 * is to answer what is under way and end the process.
 */
export const watchFailures = (log: Log, end: () => void): FailureWatch => {
  const counts = { rejection: 0, exception: 0 };
  let ending = false;
  process.on('unhandledRejection', (reason) => {
    counts.rejection += 1;
    log.error('rejection_unhandled', { err: errorText(reason), ...stackOf(reason) });
  });
  process.on('uncaughtException', (error) => {
    counts.exception += 1;
    log.error('exception_uncaught', { err: errorText(error), ...stackOf(error) });
    if (ending) return;
    ending = true;
    end();
  });
  return {
    countIn: (metrics) => {
      const total = metrics.counter(
        'rumbrella_process_failures_total',
        'Failures that nobody caught: rejection (the process goes on) or exception (it ends)',
        ['kind'],
      );
      metrics.beforeValues(() => {
        for (const kind of ['rejection', 'exception'] as const) {
          total.inc({ kind }, counts[kind]);
          counts[kind] = 0;
        }
      });
    },
  };
};

const stackOf = (error: unknown): { readonly stack?: string } =>
  error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
