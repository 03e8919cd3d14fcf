import { parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorText } from '#core/errors';
import type { ArchiveWork, FromArchiveThread } from './archive-work.ts';

const TELL_EVERY_MS = 250;

/**
 * The thread of one replay or one look through the archive: beacons are decoded here, so that nobody at the door waits for it. The code of the one
 * is not read for the other.
 */
const main = async (work: ArchiveWork, signal: AbortSignal): Promise<FromArchiveThread> => {
  const tellSometimes = createPacedTeller();
  if (work.kind === 'scan') {
    const { scanUnclaimed } = await import('./scan-unclaimed.ts');
    const scan = await scanUnclaimed(
      work.question,
      {
        ...work.options,
        onProgress: (found) => tellSometimes(() => ({ kind: 'scan_progress', scan: found() })),
      },
      signal,
    );
    return { kind: 'scan_done', scan };
  }
  const { replayInThread } = await import('./replay-in-thread.ts');
  const report = await replayInThread(
    work,
    (progress) => tellSometimes(() => ({ kind: 'replay_progress', ...progress })),
    signal,
  );
  return { kind: 'replay_done', report };
};

const tell = (message: FromArchiveThread): void => parentPort?.postMessage(message);

const createPacedTeller = (): ((make: () => FromArchiveThread) => void) => {
  let next = 0;
  return (make) => {
    if (performance.now() < next) return;
    next = performance.now() + TELL_EVERY_MS;
    tell(make());
  };
};

const stopping = new AbortController();
parentPort?.on('message', () => stopping.abort());
try {
  // The end is told when everything is let go: the next replay may begin at once.
  tell(await main(workerData as ArchiveWork, stopping.signal));
} catch (error) {
  tell({ kind: 'failed', code: errorCode(error), reason: errorText(error) });
}
parentPort?.close();
