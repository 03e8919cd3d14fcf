import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createLifecycle, createLog, errorCode, errorText, systemClock } from '#core';
import { openTenantRegistry } from '#tenants';
import { createWarehouseClient } from '#warehouse';
import type { ArchiveWork, FromArchiveThread } from './archive-work.ts';
import { runReplayInto } from './replay-run.ts';
import { type Scan, scanUnclaimed } from './scan-unclaimed.ts';

const TELL_EVERY_MS = 250;

/** The thread of one replay or one look through the archive: beacons are decoded here, so that nobody at the door waits for it. */
const main = async (work: ArchiveWork, signal: AbortSignal): Promise<FromArchiveThread> => {
  const tellSometimes = createPacedTeller();
  if (work.kind === 'scan') {
    const onProgress = (scan: () => Scan): void =>
      tellSometimes(() => ({ kind: 'scan_progress', scan: scan() }));
    const scan = await scanUnclaimed(work.question, { ...work.options, onProgress }, signal);
    return { kind: 'scan_done', scan };
  }
  const log = createLog(work.logLevel);
  const lifecycle = createLifecycle(log);
  try {
    const registry = lifecycle.add(
      'tenants',
      await openTenantRegistry({
        path: work.usersMap,
        lastGoodPath: join(work.settings.dataDir, 'users-map.last-good.yaml'),
        clock: systemClock,
        log,
      }),
    );
    const client = createWarehouseClient(work.warehouse.connection, work.warehouse.kind);
    lifecycle.add('client', { stop: () => client.close() });
    const report = await runReplayInto(
      work.options,
      work.settings,
      {
        registry,
        warehouse: { client, kind: work.warehouse.kind, cluster: work.warehouse.cluster },
        clock: systemClock,
        log,
        onProgress: (progress) => tellSometimes(() => ({ kind: 'replay_progress', ...progress })),
      },
      signal,
    );
    return { kind: 'replay_done', report: { ...report, tenants: [...report.tenants] } };
  } finally {
    await lifecycle.stop();
  }
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
