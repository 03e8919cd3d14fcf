import { randomUUID } from 'node:crypto';
import { type Clock, errorText, type Log } from '#core';
import type { Annotations, ReplayJob } from '#modules';
import { systemNote } from './system-notes.ts';

/** What is told of a replay: one of the back office, or one of the command line. */
export type Replayed = Pick<ReplayJob, 'id' | 'dryRun' | 'folder' | 'from' | 'to'> & {
  /** null: it failed. */
  readonly result: {
    readonly tenants: readonly { readonly tenant: string; readonly inserted: number }[];
    readonly stopped: boolean;
  } | null;
};

/**
 * Notes of the product itself on the charts of those whose page views a replay added: figures of that time are others than they were. A dry run writes none, nor does a replay that
 * added nothing, so that one that is repeated leaves no second note. A note that cannot be written is logged, and takes nothing from the replay.
 */
export const createReplayNotes =
  (annotations: Pick<Annotations, 'add'>, clock: Clock, log: Log) =>
  async (replayed: Replayed): Promise<void> => {
    const { dryRun, result, from, to } = replayed;
    if (dryRun || result === null) return;
    const now = clock.now();
    for (const { tenant, inserted } of result.tenants) {
      if (inserted === 0) continue;
      const isPeriod = from !== null && to !== null;
      try {
        const note = {
          id: randomUUID(),
          startsAt: isPeriod ? Date.parse(from) : now,
          ...(isPeriod && { endsAt: Date.parse(to) }),
          title: `Replay: ${inserted} ${inserted === 1 ? 'beacon' : 'beacons'} more`,
          content: contentOf(replayed),
        };
        await annotations.add(tenant, systemNote(note, now));
      } catch (error) {
        log.warn('replay_note_not_written', { tenant, replay: replayed.id, err: errorText(error) });
      }
    }
  };

const contentOf = ({ folder, from, to, result }: Replayed): string => {
  const origin = FOLDERS[folder] ?? 'that were in the archive';
  const time = from === null || to === null ? 'when their pages were seen' : 'in this time';
  const end = result?.stopped === true ? ' The replay was stopped before its end.' : '';
  return `Beacons ${origin} were loaded later, so figures of ${time} may differ from what was shown before.${end}`;
};

const FOLDERS: Readonly<Record<string, string>> = {
  unknown: 'that belonged to nobody when they came',
  expired: 'that came while the organization was expired',
};
