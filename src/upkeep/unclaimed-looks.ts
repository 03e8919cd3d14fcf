import type { Clock, Running } from '#core';
import type { UnclaimedAnswer } from '#modules';
import { isExpired, type Snapshot } from '#tenants';
import type { FromArchiveThread } from './archive-work.ts';
import type { ArchiveWorker } from './archive-worker.ts';
import type { Scan, ScanQuestion } from './scan-unclaimed.ts';

/** Looks through the folders of beacons that belong to nobody, in a thread, one at a time. */
export interface UnclaimedLooks extends Running {
  /** Tells what is found so far; waits a moment for the end. The same question within some seconds is answered from memory. */
  ask(question: ScanQuestion): Promise<UnclaimedAnswer>;
}

/** What looks need. */
export interface UnclaimedLooksDeps {
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  /** Begins a look in a thread. */
  readonly begin: (question: ScanQuestion, onMessage: (message: FromArchiveThread) => void) => ArchiveWorker;
}

interface Look {
  readonly worker: ArchiveWorker;
  /** Monotonic. */
  endedAt: number | null;
  scan: Scan;
  failure: string | null;
}

const PATIENCE_MS = 1_500;
const KEPT_MS = 5_000;
const MOST_KEPT = 10;
const NOTHING: Scan = { bytes: 0, totalBytes: 0, beacons: 0, cut: false, groups: [], otherBeacons: 0 };

/** Creates the looks; nothing is read before somebody asks. */
export const createUnclaimedLooks = ({ snapshot, clock, begin }: UnclaimedLooksDeps): UnclaimedLooks => {
  const looks = new Map<string, Look>();

  const start = (question: ScanQuestion): Look => {
    const worker = begin(question, (message) => {
      if (message.kind === 'scan_progress' || message.kind === 'scan_done') look.scan = message.scan;
      if (message.kind === 'failed') look.failure = message.reason;
      if (message.kind !== 'scan_progress') look.endedAt = clock.monotonic();
    });
    const look: Look = { worker, endedAt: null, scan: NOTHING, failure: null };
    return look;
  };
  const forget = (key: string): void => {
    const look = looks.get(key);
    looks.delete(key);
    if (look?.endedAt === null) void look.worker.stop();
  };

  return {
    ask: async (question) => {
      const key = `${question.folder} ${question.from} ${question.to}`;
      for (const [other, { endedAt }] of looks) {
        const isOld = endedAt !== null && clock.monotonic() - endedAt > KEPT_MS;
        // Whoever asks something else is no longer waiting for the other answer.
        if (isOld || (endedAt === null && other !== key) || looks.size > MOST_KEPT) forget(other);
      }
      let look = looks.get(key);
      if (look === undefined) looks.set(key, (look = start(question)));
      if (look.endedAt === null) {
        const patience = new AbortController();
        await Promise.race([look.worker.ended, clock.sleep(PATIENCE_MS, patience.signal)]);
        patience.abort();
      }
      return answerOf(question, look, snapshot(), clock.now());
    },
    stop: async () => {
      await Promise.all([...looks.values()].map(({ worker }) => worker.stop()));
    },
  };
};

const answerOf = (
  { folder, from, to }: ScanQuestion,
  { scan, failure, endedAt }: Look,
  snapshot: Snapshot,
  now: number,
): UnclaimedAnswer => ({
  folder,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  state: failure !== null ? 'failed' : endedAt === null ? 'running' : 'done',
  reason: failure ?? '',
  progress: { bytes: scan.bytes, totalBytes: scan.totalBytes, beacons: scan.beacons },
  cut: scan.cut,
  otherBeacons: scan.otherBeacons,
  groups: scan.groups.map(({ first, last, ...group }) => ({
    ...group,
    firstAt: new Date(first).toISOString(),
    lastAt: new Date(last).toISOString(),
    owner: ownerOf(group.trace, snapshot, now),
  })),
});

const ownerOf = (
  trace: string,
  snapshot: Snapshot,
  now: number,
): UnclaimedAnswer['groups'][number]['owner'] => {
  const tenant = trace === '' ? undefined : snapshot.byTrace(trace);
  if (tenant === undefined) return null;
  return { id: tenant.id, name: tenant.name, state: isExpired(tenant, now) ? 'expired' : 'active' };
};
