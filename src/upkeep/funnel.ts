import type { FunnelLine, ReasonCount } from '#modules';
import type { Figures } from './metric-figures.ts';

/**
 * What became of the beacons of each destination, from the counters of all threads; these destinations are there in any case. The loader's counters
 * outlive restarts (they are in its checkpoint), those of the door begin with the process: what is on disk is the loader's figure, unless the door has had
 * more in this life, which the loader has not read yet.
 */
export const funnelOf = (figures: Figures, destinations: readonly string[]): readonly FunnelLine[] => {
  const count = (name: string, label: string): ReadonlyMap<string, number> =>
    new Map(figures.of(name).map(({ labels, value }) => [labels[label] ?? '', value]));
  const reasons = (name: string): ReadonlyMap<string, readonly ReasonCount[]> =>
    Map.groupBy(
      figures
        .of(name)
        .filter(({ value }) => value > 0)
        .map(({ labels, value }) => ({
          of: labels['tenant'] ?? '',
          reason: labels['reason'] ?? '',
          count: value,
        })),
      ({ of }) => of,
    );
  const received = count('rumbrella_beacons_received_total', 'tenant');
  const stored = count('rumbrella_beacons_stored_total', 'tenant');
  const archivedOnly = count('rumbrella_beacons_archived_only_total', 'folder');
  const read = count('rumbrella_loader_beacons_read_total', 'folder');
  const pending = count('rumbrella_loader_pending_beacons', 'tenant');
  const refused = reasons('rumbrella_beacons_refused_total');
  const notAccepted = reasons('rumbrella_loader_refused_total');
  const quarantined = reasons('rumbrella_beacons_quarantined_total');
  const all = new Set([
    ...destinations,
    ...received.keys(),
    ...read.keys(),
    ...stored.keys(),
    ...archivedOnly.keys(),
    ...notAccepted.keys(),
    ...quarantined.keys(),
  ]);
  return [...all]
    .map((destination): FunnelLine => {
      const of = (counts: ReadonlyMap<string, readonly ReasonCount[]>): readonly ReasonCount[] =>
        (counts.get(destination) ?? [])
          .map(({ reason, count: number }) => ({ reason, count: number }))
          .toSorted((a, b) => b.count - a.count);
      const refusals = of(refused);
      const turnedAway = refusals.reduce((sum, { count: number }) => sum + number, 0);
      const journaled = Math.max(read.get(destination) ?? 0, (received.get(destination) ?? 0) - turnedAway);
      return {
        destination,
        received: journaled + turnedAway,
        refused: refusals,
        journaled,
        stored: stored.get(destination) ?? 0,
        archivedOnly: archivedOnly.get(destination) ?? 0,
        notAccepted: of(notAccepted),
        quarantined: of(quarantined),
        pending: pending.get(destination) ?? 0,
      };
    })
    .toSorted((a, b) => b.received - a.received || (a.destination < b.destination ? -1 : 1));
};
