import { BUCKET_MS } from '#continuity';
import { readBase36 } from '#encodings';
import { otherOf, type OtherParameters } from './other-parameters.ts';

/** A page that was open for longer than this had a clock that was set. */
const LONGEST_MS = 30 * 86_400_000;

/**
 * When the first bucket of each beacon's timelines began, ms since navigation; null where that is not known.
 *
 * Buckets are counted from the moment in which Boomerang began to look (not from navigation, `c.e`): the first beacon of a page tells it as the begin of
 * its frames (`c.f.s`), or else roughly as that of Boomerang (`rt.bstart`). A later beacon goes on with the bucket in which the one before was sent (`c.lb`);
 * without the first one of the page, that moment itself is taken, which is less than a bucket off.
 */
export const bucketStarts = (beacons: readonly OtherParameters[]): readonly (number | null)[] => {
  const moments = beacons.map(momentsOf);
  const begun = moments.find(({ lastBeacon, looking }) => lastBeacon === null && looking !== null)?.looking;
  return moments.map(({ navigation, lastBeacon, looking }) => {
    if (navigation === null) return null;
    const start = lastBeacon === null ? (looking ?? navigation) : bucketOf(lastBeacon, begun ?? lastBeacon);
    const offset = start - navigation;
    return offset >= 0 && offset <= LONGEST_MS ? offset : null;
  });
};

/** When a page was navigated to, epoch ms by the visitor's clock: Continuity tells it (`c.e`), or else Boomerang's timers; null: neither. */
export const navigationOf = (beacons: readonly OtherParameters[]): number | null => {
  const told = beacons.flatMap((other) => [
    orNull(readBase36(otherOf(other, 'c.e'))),
    orNull(Number(otherOf(other, 'rt.nstart'))),
    otherOf(other, 'rt.start') === 'navigation' ? orNull(Number(otherOf(other, 'rt.tstart'))) : null,
  ]);
  return told.find((moment) => moment !== null) ?? null;
};

/** Begin of the bucket in which a moment lies, when they are counted from `begun`. */
const bucketOf = (moment: number, begun: number): number =>
  begun + Math.floor((moment - begun) / BUCKET_MS) * BUCKET_MS;

/** Moments that a beacon tells, epoch ms. */
const momentsOf = (other: OtherParameters) => {
  const base36 = (name: string): number | null => orNull(readBase36(otherOf(other, name)));
  return {
    navigation: base36('c.e'),
    lastBeacon: base36('c.lb'),
    looking: base36('c.f.s') ?? orNull(Number(otherOf(other, 'rt.bstart'))),
  };
};

const orNull = (moment: number): number | null => (moment > 0 && Number.isFinite(moment) ? moment : null);
