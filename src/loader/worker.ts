import { Worker } from 'node:worker_threads';
import { type Clock, errorCode, errorText, type Log, type MetricValues, type Running } from '#core';
import { type FolderLock, lockFolder } from '#journal';
import type { LoaderOptions } from './loader-options.ts';
import { idleStatus, type LoaderStatus } from './status.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** The loader in a thread of its own, so that it never keeps the collector's event loop from answering. */
export interface LoaderWorker extends Running {
  status(): LoaderStatus;
  /** Values for /metrics; empty while the loader does not run. */
  metricValues(): Promise<MetricValues>;
}

/** What it needs. */
export interface LoaderWorkerDeps {
  readonly clock: Clock;
  readonly log: Log;
}

const CLAIM_EVERY_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const VALUES_TIMEOUT_MS = 1_000;
const STOP_TIMEOUT_MS = 5_000;
/** A loader that lived so long has not failed at start: the pauses begin anew. */
const GOOD_LIFE_MS = 60_000;

/**
 * Starts the loader of a data folder in a worker thread. While another loader holds the folder it waits for its turn; when the
 * thread fails it is started again, after growing pauses. Nothing is lost by that: it continues at its checkpoint.
 */
export const startLoaderWorker = (options: LoaderOptions, deps: LoaderWorkerDeps): LoaderWorker => {
  const { clock } = deps;
  const log = deps.log.child('loader');
  const stopping = new AbortController();
  let status = idleStatus('starting', '');
  let thread: LoaderThread | null = null;

  const claim = async (): Promise<FolderLock | null> => {
    while (!stopping.signal.aborted) {
      try {
        return await lockFolder(options.dataDir, 'loader');
      } catch (error) {
        if (status.state !== 'waiting') log.warn('loader_waits', { reason: errorText(error) });
        status = idleStatus(errorCode(error) === 'JOURNAL_LOCKED' ? 'waiting' : 'down', errorText(error));
        await clock.sleep(CLAIM_EVERY_MS, stopping.signal);
      }
    }
    return null;
  };

  const supervise = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopping.signal.aborted) {
      const lock = await claim();
      if (lock === null) return;
      if (stopping.signal.aborted) return await lock.release();
      const begun = clock.monotonic();
      thread = startThread(options, lock, (next) => {
        status = next;
      });
      const reason = await thread.ended;
      thread = null;
      await lock.release();
      if (stopping.signal.aborted) return;
      if (clock.monotonic() - begun > GOOD_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
      status = idleStatus('down', reason);
      log.error('loader_ended', { reason, again_in_ms: pauseMs });
      await clock.sleep(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  };
  const supervising = supervise();

  return {
    status: () => status,
    metricValues: () => thread?.values(clock) ?? Promise.resolve([]),
    stop: async () => {
      stopping.abort();
      await thread?.stop(clock);
      await supervising;
      status = idleStatus('stopped', '');
    },
  };
};

interface LoaderThread {
  /** Resolves with the reason when the thread is gone, whyever. */
  readonly ended: Promise<string>;
  values(clock: Clock): Promise<MetricValues>;
  stop(clock: Clock): Promise<void>;
}

const startThread = (
  options: LoaderOptions,
  lock: FolderLock,
  onStatus: (status: LoaderStatus) => void,
): LoaderThread => {
  const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), {
    workerData: options,
    // Enough for large rounds; without a bound the heap keeps a third more memory than it needs (measured, bench/loader). A low bound of
    // the old generation makes full collections more frequent (384 MB: 40 for 60,000 beacons, 1 GB: 25), and not the memory smaller.
    resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 1_024 },
    name: 'loader',
  });
  let reason = 'the thread ended';
  let askers: ((values: MetricValues) => void)[] = [];
  const send = (message: ToThread): void => worker.postMessage(message);

  worker.on('message', (message: FromThread) => {
    switch (message.kind) {
      case 'status':
        return onStatus(message.status);
      case 'values': {
        for (const answer of askers) answer(message.values);
        askers = [];
        return;
      }
      case 'held_wanted':
        lock.isHeld().then(
          (held) => send({ kind: 'held', id: message.id, held }),
          () => send({ kind: 'held', id: message.id, held: false }),
        );
        return;
      case 'failed':
        reason = `${message.code}: ${message.reason}`;
        return;
    }
  });
  worker.on('error', (error) => {
    reason = errorText(error);
  });
  const ended = new Promise<string>((resolve) =>
    worker.once('exit', () => {
      for (const answer of askers) answer([]);
      askers = [];
      resolve(reason);
    }),
  );

  return {
    ended,
    values: async (clock) => {
      const patience = new AbortController();
      const values = new Promise<MetricValues>((resolve) => askers.push(resolve));
      send({ kind: 'values_wanted' });
      const late = clock.sleep(VALUES_TIMEOUT_MS, patience.signal).then((): MetricValues => []);
      const first = await Promise.race([values, late]);
      patience.abort();
      return first;
    },
    stop: async (clock) => {
      const patience = new AbortController();
      send({ kind: 'stop' });
      // Killing it is safe at any time; a round that is cut off is looked at again at the next start.
      void clock.sleep(STOP_TIMEOUT_MS, patience.signal).then(() => worker.terminate());
      await ended;
      patience.abort();
    },
  };
};
