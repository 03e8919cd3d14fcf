import {
  BUCKET_MS,
  type Interaction,
  type Lane,
  LANES,
  type LongTask,
  readInteractionLog,
  readLongTasks,
  readTimeline,
  STATE_LANES,
} from '#continuity';
import { readEventDetails, type SlowEventDetails } from '#event-timing';
import type { TimelineLane } from '../contract.ts';
import { bucketStarts } from './bucket-starts.ts';
import { otherOf, type OtherParameters, textsOf } from './other-parameters.ts';

/** So much is shown of one page view: of a timeline the first buckets, five minutes. */
const MAX_BUCKETS = 3_000;
const MAX_LONG_TASKS = 1_000;
const MAX_INTERACTIONS = 1_000;
const MAX_SLOW_EVENTS = 1_000;

/**
 * The timelines of a page from all of its beacons, in the order of `LANES`; those in which nothing happened are left out. Two beacons tell of the bucket
 * in which the first of them was sent, each of its part or the second of both: the larger value counts, which is never too much. A state is 0 until it was
 * first measured; that is left out, too. Beacons that do not say when they began, and timelines that cannot be read, are left out.
 */
export const timelineOf = (beacons: readonly OtherParameters[]): readonly TimelineLane[] => {
  const starts = bucketStarts(beacons);
  return LANES.flatMap((name) => {
    const found = new Map<number, number>();
    for (const [index, other] of beacons.entries()) {
      const start = starts[index] ?? null;
      if (start !== null) addBuckets(found, start, otherOf(other, `c.t.${name}`), name);
    }
    const buckets = [...found].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);
    return buckets.some(({ value }) => value > 0) ? [{ name, buckets: buckets.slice(0, MAX_BUCKETS) }] : [];
  });
};

const addBuckets = (found: Map<number, number>, start: number, text: string, name: Lane): void => {
  const values = text === '' ? [] : (readTimeline(text, MAX_BUCKETS) ?? []);
  for (const [index, value] of values.entries()) {
    const at = start + index * BUCKET_MS;
    if (value > 0 || !STATE_LANES.has(name)) found.set(at, Math.max(value, found.get(at) ?? 0));
  }
};

/** The long tasks of a page by their start. Beacons may have been stored twice, or tell again what an early one told; each counts once. */
export const longTasksOf = (beacons: readonly OtherParameters[]): readonly LongTask[] =>
  textsOf(beacons, 'c.lt')
    .flatMap((text) => readLongTasks(text, MAX_LONG_TASKS) ?? [])
    .toSorted((a, b) => a.start - b.start)
    .slice(0, MAX_LONG_TASKS);

/** What the visitor did, by time; the same holds. */
export const interactionsOf = (beacons: readonly OtherParameters[]): readonly Interaction[] =>
  textsOf(beacons, 'c.l')
    .flatMap((text) => readInteractionLog(text, MAX_INTERACTIONS))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, MAX_INTERACTIONS);

/** Events that took long, by their start; the same holds. */
export const slowEventsOf = (beacons: readonly OtherParameters[]): readonly SlowEventDetails[] =>
  textsOf(beacons, 'et.e')
    .flatMap((text) => readEventDetails(text, MAX_SLOW_EVENTS) ?? [])
    .toSorted((a, b) => a.start - b.start)
    .slice(0, MAX_SLOW_EVENTS);
