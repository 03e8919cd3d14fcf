import { randomUUID } from 'node:crypto';
import { type Clock, errorText, type Log } from '#core';
import type { Annotations, ReplayJob } from '#modules';

/** A kind that every organization has; no note type of its own is made for it, so it counts towards no limit. */
const KIND = { kindId: 'system', kindName: 'Measurement change' } as const;

/**
 * Notes of the product itself on the charts of those whose page views a replay added: figures of that time are others than they were. A dry run writes none, nor does a replay that
 * added nothing. A note that cannot be written is logged, and takes nothing from the replay.
 */
export const createReplayNotes =
  (annotations: Pick<Annotations, 'add'>, clock: Clock, log: Log) =>
  async (job: ReplayJob): Promise<void> => {
    if (job.dryRun || job.result === null) return;
    const now = clock.now();
    for (const { tenant, inserted } of job.result.tenants) {
      if (inserted === 0) continue;
      const isPeriod = job.from !== null && job.to !== null;
      try {
        await annotations.add(tenant, {
          ...KIND,
          id: randomUUID(),
          scope: 'system',
          site: null,
          startsAt: isPeriod ? Date.parse(job.from) : now,
          endsAt: isPeriod ? Date.parse(job.to) : now,
          isPeriod,
          title: `Replay: ${inserted} ${inserted === 1 ? 'beacon' : 'beacons'} more`,
          content: contentOf(job),
          pageGroup: null,
          device: null,
          link: null,
          version: null,
          author: null,
          createdAt: now,
          updatedAt: now,
        });
      } catch (error) {
        log.warn('replay_note_not_written', { tenant, replay: job.id, err: errorText(error) });
      }
    }
  };

const contentOf = ({ folder, from, to, result }: ReplayJob): string => {
  const origin = FOLDERS[folder] ?? 'that were in the archive';
  const time = from === null || to === null ? 'when their pages were seen' : 'in this time';
  const end = result?.stopped === true ? ' The replay was stopped before its end.' : '';
  return `Beacons ${origin} were loaded later, so figures of ${time} may differ from what was shown before.${end}`;
};

const FOLDERS: Readonly<Record<string, string>> = {
  unknown: 'that belonged to nobody when they came',
  expired: 'that came while the organization was expired',
};
