import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ChdbConnection } from './chdb.ts';
import { clickhouseError } from './exception.ts';

/** The right to run one statement at a time: a connection, and a named pipe that its answer is read from. */
export interface Slot {
  readonly connection: ChdbConnection;
  /** Path of a FIFO that no other statement uses meanwhile. */
  readonly pipe: string;
}

/** What may run at the same time. */
export interface SlotLimits {
  /** Statements that run in parallel. */
  readonly parallel: number;
  /** Statements that may wait for a slot; more are refused with 202 TOO_MANY_SIMULTANEOUS_QUERIES. */
  readonly waiting: number;
  /** How long one of them waits at most, milliseconds; then it is refused in the same way. */
  readonly waitMs: number;
}

/** Gives out slots, in the order of asking. */
export interface Slots {
  /**
   * Runs `work` in a slot. Each run has a connection of its own, so that no setting, parameter or temporary table of
   * one call is seen by another; `connection` hands in the connection of a session instead.
   */
  run<T>(work: (slot: Slot) => Promise<T>, connection?: ChdbConnection): Promise<T>;
  /** Statements that run now. */
  busy(): number;
  /** Resolves when nothing runs any more; further runs are refused with 236 ABORTED. */
  stop(): Promise<void>;
}

/** Creates the slots and their pipes in `folder`. */
export const createSlots = (folder: string, limits: SlotLimits, open: () => ChdbConnection): Slots => {
  const pipes = Array.from({ length: limits.parallel }, (_, index) => join(folder, `slot-${index}.pipe`));
  // Node cannot make a FIFO itself.
  execFileSync('mkfifo', ['-m', '600', ...pipes]);
  const free = [...pipes];
  const queue: { readonly enter: (pipe: string) => void; readonly refuse: (why: string) => void }[] = [];
  let stopping: (() => void) | undefined;

  const acquire = (): Promise<string> => {
    if (stopping !== undefined) return Promise.reject(clickhouseError(236, 'the engine is stopping'));
    const pipe = free.pop();
    if (pipe !== undefined) return Promise.resolve(pipe);
    if (queue.length >= limits.waiting) return Promise.reject(tooMany('the queue is full', limits));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        const index = queue.indexOf(entry);
        if (index >= 0) queue.splice(index, 1);
      };
      const entry = {
        enter: (given: string): void => {
          leave();
          resolve(given);
        },
        refuse: (why: string): void => {
          leave();
          reject(tooMany(why, limits));
        },
      };
      const timer = setTimeout(() => entry.refuse(`waited ${limits.waitMs} ms for a slot`), limits.waitMs);
      queue.push(entry);
    });
  };

  const release = (pipe: string): void => {
    const next = queue[0];
    if (next !== undefined) return next.enter(pipe);
    free.push(pipe);
    if (free.length === pipes.length) stopping?.();
  };

  return {
    run: async (work, shared) => {
      const pipe = await acquire();
      try {
        const connection = shared ?? open();
        try {
          return await work({ connection, pipe });
        } finally {
          if (shared === undefined) connection.close();
        }
      } finally {
        release(pipe);
      }
    },
    busy: () => pipes.length - free.length,
    stop: () =>
      new Promise((resolve) => {
        stopping = resolve;
        for (const entry of queue.splice(0)) entry.refuse('the engine is stopping');
        if (free.length === pipes.length) resolve();
      }),
  };
};

const tooMany = (why: string, limits: SlotLimits): Error =>
  clickhouseError(
    202,
    `Too many simultaneous queries: ${why}; ${limits.parallel} run in parallel and ${limits.waiting} may wait`,
  );
