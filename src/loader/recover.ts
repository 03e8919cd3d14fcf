import type { Clock, Log } from '#core';
import type { Checkpoint } from '#journal';
import type { LagPauses } from './lag-book.ts';
import type { ArchivePort, JournalPort } from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import { openQuarantine, type Quarantine } from './quarantine.ts';
import { emptyState, type LoaderState } from './state.ts';

/** What recovering needs. */
export interface RecoverDeps {
  readonly journal: JournalPort;
  readonly archive: ArchivePort;
  readonly checkpoint: Checkpoint<LoaderState>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/**
 * Finds out where the last loader ended. With its checkpoint: the archive is cut back to it, and rows between its cursor and its
 * intent are in doubt. Without one: the archive stays as it is, and every beacon in the journal is in doubt.
 */
export const recover = async (
  { journal, archive, checkpoint, clock, log, random }: RecoverDeps,
  options: { readonly quarantineFolder: string; readonly lagPauses: Omit<LagPauses, 'random'> },
): Promise<{ readonly progress: Progress; readonly quarantine: Quarantine }> => {
  const segments = await journal.segments();
  const found = await findState(checkpoint, segments, log);
  if (found.savedAt > 0) await archive.restore(found.archive);
  // The archive's mark of now, durably: rounds that end before their first checkpoint, again and again, can then all be undone.
  const state = { ...found, archive: await archive.commit(), savedAt: clock.now() };
  await checkpoint.save(state);
  const quarantine = await openQuarantine(
    options.quarantineFolder,
    new Set(segments.map(({ segment }) => segment)),
  );
  log.info('loader_recovered', {
    segments: segments.length,
    in_doubt: state.intent !== null,
    lagging: Object.keys(state.lagging).length,
  });
  return { progress: createProgress(state, checkpoint, clock, { ...options.lagPauses, random }), quarantine };
};

const findState = async (
  checkpoint: Checkpoint<LoaderState>,
  segments: readonly { readonly segment: string; readonly bytes: number }[],
  log: Log,
): Promise<LoaderState> => {
  const found = await checkpoint.load();
  if (found.kind === 'found') return found.value;
  if (found.kind === 'corrupt') log.error('checkpoint_unreadable', { reason: found.reason });
  const intent = Object.fromEntries(segments.map(({ segment, bytes }) => [segment, bytes]));
  return { ...emptyState, intent: segments.length === 0 ? null : intent };
};
