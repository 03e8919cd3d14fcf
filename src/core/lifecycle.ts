import { errorText } from './errors.ts';
import type { Log } from './log.ts';

/** Something that runs: `stop` may be called twice and before `start` has finished. */
export interface Running {
  stop(): Promise<void>;
}

/** Keeps what was started and stops it in reverse order; one failing stop does not keep the others from stopping. */
export interface Lifecycle extends Running {
  /** Registers something that is running now, and returns it. */
  add<T extends Running>(name: string, running: T): T;
}

/** Creates an empty lifecycle. */
export const createLifecycle = (log: Log): Lifecycle => {
  const started: { name: string; running: Running }[] = [];
  return {
    add: (name, running) => {
      started.push({ name, running });
      return running;
    },
    stop: async () => {
      for (let next = started.pop(); next !== undefined; next = started.pop()) {
        try {
          await next.running.stop();
        } catch (error) {
          log.error('stop_failed', { part: next.name, err: errorText(error) });
        }
      }
    },
  };
};
