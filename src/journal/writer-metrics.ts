import type { Metrics } from '#core';
import type { JournalWriterStats } from './writer-contract.ts';

/** Publishes the figures of a writer when somebody asks for them; costs nothing in between. */
export const observeWriter = (metrics: Metrics, stats: () => JournalWriterStats): void => {
  const counted = [
    ['records', metrics.counter('rumbrella_journal_records_total', 'Records that were appended')],
    ['bytes', metrics.counter('rumbrella_journal_bytes_total', 'Bytes that were appended')],
    ['groups', metrics.counter('rumbrella_journal_groups_total', 'Groups that were committed')],
    ['refused', metrics.counter('rumbrella_journal_refused_total', 'Appends that were refused')],
    ['failures', metrics.counter('rumbrella_journal_failures_total', 'Failed writes, syncs and openings')],
    ['segments', metrics.counter('rumbrella_journal_segments_total', 'Segments that were created')],
  ] as const;
  const pending = metrics.gauge('rumbrella_journal_pending_bytes', 'Bytes that wait for their group');
  const syncSeconds = metrics.gauge('rumbrella_journal_sync_seconds', 'Smoothed time of one fdatasync');
  const free = metrics.gauge('rumbrella_disk_free_bytes', 'Free bytes on the disk of the journal');
  const available = metrics.gauge('rumbrella_journal_available', '1: beacons can be appended');
  const before = { records: 0, bytes: 0, groups: 0, refused: 0, failures: 0, segments: 0 };
  metrics.beforeValues(() => {
    const now = stats();
    for (const [name, counter] of counted) {
      counter.inc(now[name] - before[name]);
      before[name] = now[name];
    }
    pending.set(now.pendingBytes);
    syncSeconds.set(now.syncMs / 1_000);
    if (now.freeBytes !== null) free.set(now.freeBytes);
    available.set(now.trouble === null ? 1 : 0);
  });
};
