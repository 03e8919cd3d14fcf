import type { OwnHealthAnswer } from '#operations';
import { reasonWords } from '../pages/admin/data-health/reason-words.ts';
import { formatCount } from '../parts/numbers.ts';

/** Beacons that did not become page views, in words, the commonest reasons first: `12 too large, 3 other host name`; empty: all did. */
export const unstoredWords = (beacons: OwnHealthAnswer['beacons']): string => {
  const counts = new Map<string, number>();
  const add = (words: string, count: number): void => {
    if (count > 0) counts.set(words, (counts.get(words) ?? 0) + count);
  };
  for (const { reason, count } of [...beacons.refused, ...beacons.notAccepted])
    add(reasonWords(reason), count);
  for (const { count } of beacons.quarantined) add('quarantined', count);
  add('archived only', beacons.archivedOnly);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([words, count]) => `${formatCount(count)} ${words}`)
    .join(', ');
};
