import { refusal } from './faults.ts';
import { givenUp } from './warehouse-trouble.ts';

/** Lets a tenant's reports run some at a time, in the order in which they were asked for. */
export interface Turns {
  /**
   * Runs the task when it is the tenant's turn. Errors: `refusal` 503 when too many wait already, or when it is given up while it waits; those of the task.
   */
  take<T>(tenant: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/** A page of the back office asks for a dozen reports at once. */
const MOST_WAITING = 100;

/**
 * Creates turns for `atOnce` reports of each tenant. A report uses both cores of a small machine, so a dozen at once end together, late: with ten million page
 * views the first chart of a page with twelve came after 1.8 s (`npm run bench -- back-office`). In turns the page fills from its top, and the
 * reports of other tenants do not stand behind all of them.
 */
export const createTurns = (atOnce: number): Turns => {
  const queues = new Map<string, Queue>();
  return {
    take: async (tenant, signal, task) => {
      const queue = queues.get(tenant) ?? { running: 0, waiting: new Set() };
      queues.set(tenant, queue);
      if (queue.running < atOnce) queue.running += 1;
      else await wait(queue, signal);
      try {
        return await task();
      } finally {
        const [next] = queue.waiting;
        if (next !== undefined) {
          queue.waiting.delete(next);
          next();
        } else {
          queue.running -= 1;
          if (queue.running === 0) queues.delete(tenant);
        }
      }
    },
  };
};

interface Queue {
  running: number;
  /** Whose turn comes, in order; a turn that ends is handed on. */
  readonly waiting: Set<() => void>;
}

const wait = ({ waiting }: Queue, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(givenUp());
    if (waiting.size >= MOST_WAITING) return reject(tooMany());
    const go = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      waiting.delete(go);
      reject(givenUp());
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.add(go);
  });

const tooMany = (): Error =>
  refusal(503, {
    message: `${MOST_WAITING} reports of this organization wait already: try again in a moment`,
    code: 'REPORTS_BUSY',
  });
