import { join } from 'node:path';
import type { ReplayProgress } from '#archive';
import { createLifecycle, createLog, systemClock } from '#core';
import { openTenantRegistry } from '#tenants';
import { createWarehouseClient } from '#warehouse';
import type { ArchiveWork, PlainReport } from './archive-work.ts';
import { runReplayInto } from './replay-run.ts';

/** A replay with a users map and a client of its own, as a thread needs them; everything is closed when it resolves. */
export const replayInThread = async (
  work: Extract<ArchiveWork, { kind: 'replay' }>,
  onProgress: (progress: ReplayProgress) => void,
  signal: AbortSignal,
): Promise<PlainReport> => {
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
        onProgress,
      },
      signal,
    );
    return { ...report, tenants: [...report.tenants] };
  } finally {
    await lifecycle.stop();
  }
};
