import { Worker } from 'node:worker_threads';
import { errorText, type Running } from '#core';
import type { ArchiveWork, FromArchiveThread, ToArchiveThread } from './archive-work.ts';

/** Work on the archive that is under way in a thread of its own. */
export interface ArchiveWorker extends Running {
  /** Resolves when the thread is gone, whyever; never rejects. */
  readonly ended: Promise<void>;
  /** Asks it to end after what is under way. */
  cancel(): void;
}

/** Longest wait for a thread that was asked to end. Killing it is safe: what it was about is found by position at the next replay. */
const STOP_TIMEOUT_MS = 10_000;

/** Starts a replay or a look. `onMessage` hears of its progress and exactly once of its end (`…_done` or `failed`). */
export const startArchiveWork = (
  work: ArchiveWork,
  onMessage: (message: FromArchiveThread) => void,
): ArchiveWorker => {
  const worker = new Worker(new URL('./archive-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    name: `archive ${work.kind}`,
  });
  let isOver = false;
  const hear = (message: FromArchiveThread): void => {
    if (isOver) return;
    isOver = message.kind === 'failed' || message.kind === 'scan_done' || message.kind === 'replay_done';
    onMessage(message);
  };
  worker.on('message', hear);
  worker.on('error', (error) => hear({ kind: 'failed', code: 'UPKEEP_THREAD', reason: errorText(error) }));
  const ended = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      hear({ kind: 'failed', code: 'UPKEEP_THREAD', reason: 'the thread ended' });
      resolve();
    }),
  );
  const cancel = (): void => worker.postMessage({ kind: 'stop' } satisfies ToArchiveThread);
  return {
    ended,
    cancel,
    stop: async () => {
      cancel();
      const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
};
