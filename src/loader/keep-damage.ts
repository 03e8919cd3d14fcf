import { errorText, type Log } from '#core';
import type { Damage } from '#journal';
import type { LoaderMetrics } from './loader-metrics.ts';
import type { JournalPort } from './ports.ts';

/** What it works with. */
export interface KeepDamageDeps {
  readonly journal: Pick<JournalPort, 'keepDamage'>;
  readonly metrics: Pick<LoaderMetrics, 'damage'>;
  readonly log: Log;
}

/**
 * Counts what was passed over in the journal, and keeps its bytes for people: the segment that holds them is deleted like any other when it is
 * loaded. Of a second copy of a record nothing is kept, the record stands in its place. A disk that refuses is no reason not to load the rest.
 */
export const keepDamage = async (
  damages: readonly Damage[],
  { journal, metrics, log }: KeepDamageDeps,
): Promise<void> => {
  for (const damage of damages) {
    metrics.damage.inc({ kind: damage.kind });
    if (damage.kind === 'copy') continue;
    try {
      log.warn('journal_damage_kept', { kind: damage.kind, path: await journal.keepDamage(damage) });
    } catch (error) {
      log.error('journal_damage_not_kept', { ...damage, err: errorText(error) });
    }
  }
};
