import type { Clock, Log } from '#core';
import type { Checkpoint, Cursor } from '#journal';
import { covers, latest } from './cursor.ts';
import type { LagPauses } from './lag-book.ts';
import { lookBackCursor } from './look-again.ts';
import type { LoaderMetrics } from './loader-metrics.ts';
import type { ArchivePort, JournalPort, SegmentFacts } from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import { openQuarantine, type Quarantine } from './quarantine.ts';
import { removableSegments } from './retention.ts';
import { emptyState, type LoaderState } from './state.ts';

/** What recovering needs. */
export interface RecoverDeps {
  readonly journal: JournalPort;
  readonly archive: ArchivePort;
  readonly checkpoint: Checkpoint<LoaderState>;
  /** Its books go on where the checkpoint ends. */
  readonly metrics: Pick<LoaderMetrics, 'ledger'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly spaceIsLow: () => Promise<boolean>;
  /** Identifies this start of the machine that the warehouse's files are on; '': not known, or another machine's. */
  readonly bootId: () => Promise<string>;
}

/**
 * Finds out where the last loader ended. With its checkpoint the archive is cut back to it; without one the archive stays as it is.
 * Whatever the journal holds behind the cursor is in doubt: the checkpoint may be an older one than the tables (a restored backup).
 */
export const recover = async (
  { journal, archive, checkpoint, metrics, clock, log, random, spaceIsLow, bootId: askBootId }: RecoverDeps,
  options: { readonly quarantineFolder: string; readonly lagPauses: Omit<LagPauses, 'random'> },
): Promise<{ readonly progress: Progress; readonly quarantine: Quarantine }> => {
  const segments = await journal.segments();
  const found = await findState(checkpoint, log);
  if (found.savedAt > 0) await archive.restore(found.archive);
  const intent = inDoubt(found, segments);
  const state = { ...found, intent, archive: await archive.commit() };
  const bootId = await askBootId();
  const progress = createProgress(
    state,
    checkpoint,
    clock,
    { ...options.lagPauses, random },
    metrics.ledger,
    bootId,
  );
  // A power loss may have taken what the disk had not yet, a moment before the last checkpoint.
  const isOtherBoot = found.bootId !== '' && bootId !== '' && found.bootId !== bootId;
  if (isOtherBoot) progress.machineRestarted(lookBackCursor(segments, found.savedAt));
  // On a full disk nothing can be written before something is deleted.
  if (await spaceIsLow()) await freeAtOnce(journal, segments, progress, log);
  // The archive's mark of now, durably: rounds that end before their first checkpoint, again and again, can then all be undone.
  await progress.save();
  const quarantine = await openQuarantine(
    options.quarantineFolder,
    new Set(segments.map(({ segment }) => segment)),
  );
  log.info('loader_recovered', {
    segments: segments.length,
    in_doubt: state.intent !== null,
    looking_again: isOtherBoot,
    lagging: Object.keys(state.lagging).length,
  });
  return { progress, quarantine };
};

const freeAtOnce = async (
  journal: JournalPort,
  segments: readonly SegmentFacts[],
  progress: Progress,
  log: Log,
): Promise<void> => {
  for (const segment of removableSegments(segments, progress.cursors(), {
    now: 0,
    keepMs: 0,
    urgent: true,
  })) {
    await journal.remove(segment);
    log.info('segment_removed', { segment, why: 'the disk is nearly full' });
  }
};

const findState = async (checkpoint: Checkpoint<LoaderState>, log: Log): Promise<LoaderState> => {
  const found = await checkpoint.load();
  if (found.kind === 'found') return found.value;
  if (found.kind === 'corrupt') log.error('checkpoint_unreadable', { reason: found.reason });
  return emptyState;
};

/** Up to where rows may be in tables already: what the last loader meant to insert, and all that was in the journal when this one started. */
const inDoubt = ({ cursor, intent }: LoaderState, segments: readonly SegmentFacts[]): Cursor | null => {
  const ends = Object.fromEntries(segments.map(({ segment, bytes }) => [segment, bytes]));
  const until = latest(intent ?? {}, ends);
  return covers(cursor, until) ? null : until;
};
