import {
  type Clock,
  createLifecycle,
  createMetrics,
  errorCode,
  errorText,
  type Lifecycle,
  type Log,
  type Metrics,
  type MetricValues,
} from '#core';

/** What one attempt to start a part works with: thrown away when it fails. */
export interface Attempt {
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  /** The process is stopping. */
  readonly signal: AbortSignal;
}

/** Starts the parts behind the door for beacons, each again and again until it is there. */
export interface PartStarter {
  /**
   * Resolves with what `attempt` gives, once it works; null: the process is stopping. What an attempt has started is stopped when it fails, and
   * belongs to `into` when it works. Never rejects.
   */
  start<T>(name: PartName, into: Lifecycle, attempt: (parts: Attempt) => Promise<T>): Promise<T | null>;
  /** The parts whose last attempt failed. */
  failing(): readonly PartName[];
}

/** The parts behind the door for beacons. */
export type PartName = 'warehouse' | 'gateway' | 'demo';

/** What the starter works with. */
export interface PartStarterDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The process is stopping. */
  readonly signal: AbortSignal;
  /** Values of an attempt, for /metrics; the answer takes them out again. */
  readonly addMetricSource: (source: () => Promise<MetricValues>) => () => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Creates a starter. The pauses between attempts double from one second to half a minute. */
export const createPartStarter = ({ clock, log, signal, addMetricSource }: PartStarterDeps): PartStarter => {
  const failing = new Set<PartName>();
  const stopping = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });

  const tryOnce = async <T>(attempt: (parts: Attempt) => Promise<T>): Promise<readonly [T, Lifecycle]> => {
    const lifecycle = createLifecycle(log);
    const metrics = createMetrics();
    const remove = addMetricSource(() => metrics.values());
    lifecycle.add('metrics', { stop: async () => remove() });
    try {
      return [await attempt({ lifecycle, metrics, signal }), lifecycle];
    } catch (error) {
      await lifecycle.stop();
      throw error;
    }
  };

  return {
    failing: () => [...failing],
    start: async (name, into, attempt) => {
      for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        const trying = tryOnce(attempt);
        try {
          const started = await Promise.race([trying, stopping]);
          if (started === null) {
            // Whatever it still brings up is ended at once.
            void trying.then(([, late]) => late.stop()).catch(() => undefined);
            return null;
          }
          into.add(name, started[1]);
          failing.delete(name);
          return started[0];
        } catch (error) {
          failing.add(name);
          log.error('start_failed', {
            part: name,
            code: errorCode(error),
            err: errorText(error),
            again_in_ms: pauseMs,
          });
          await clock.sleep(pauseMs, signal);
        }
      }
      return null;
    },
  };
};
