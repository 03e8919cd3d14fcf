import { errorText } from './errors.ts';
import type { Log } from './log.ts';

/** Something that runs: `stop` may be called twice and before `start` has finished. */
export interface Running {
  stop(): Promise<void>;
}

/** Keeps what was started and stops it; one failing stop does not keep the others from stopping. */
export interface Lifecycle extends Running {
  /** Registers something that is running now, and returns it. */
  add<T extends Running>(name: string, running: T): T;
}

/**
 * Creates an empty lifecycle. It stops what was started in reverse order, one after the other, or `together`, when none needs
 * another to end.
 */
export const createLifecycle = (log: Log, order: 'reverse' | 'together' = 'reverse'): Lifecycle => {
  const started: { name: string; running: Running }[] = [];
  const end = async ({ name, running }: (typeof started)[number]): Promise<void> => {
    try {
      await running.stop();
    } catch (error) {
      log.error('stop_failed', { part: name, err: errorText(error) });
    }
  };
  return {
    add: (name, running) => {
      started.push({ name, running });
      return running;
    },
    stop: async () => {
      if (order === 'together') await Promise.all(started.splice(0).map(end));
      for (let next = started.pop(); next !== undefined; next = started.pop()) await end(next);
    },
  };
};
