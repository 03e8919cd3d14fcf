import {
  edgeAt,
  HOUR_MS,
  type HourCount,
  type HourRecord,
  hourOf,
  REACH_HOURS,
  type RolledHours,
} from './hours.ts';

/** Hours that are made by one statement: from `from` up to `to` (exclusive), those that have beacons or a record are `hours`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly hours: readonly HourCount[];
}

/** What is known of a tenant's hours. */
export interface Situation {
  /** Hours with beacons, ascending; those before `edge` are looked at. */
  readonly counts: readonly HourCount[];
  /** Records of the same hours. */
  readonly records: readonly HourRecord[];
  readonly rolled: RolledHours | null;
  /** Hours from here on stay live. */
  readonly edge: number;
  /** Hours before this one are no longer kept. */
  readonly keptFrom: number;
  /** Epoch ms. */
  readonly now: number;
  /** When the newest beacon was received, epoch ms. */
  readonly newestAt: number;
  /** A span has at most so many beacons, unless it is one hour. */
  readonly maxBeacons: number;
}

/**
 * The spans to make, in order: first what follows the hours that are rolled up, ascending, then those among them that have changed, then
 * what lies before them, newest first. So at any time the hours that are rolled up are contiguous.
 *
 * An hour is made again when the number of its beacons has changed (a replay, a loader that lagged), together with a day
 * before and after, because page views reach over hours; and while late beacons may come, each time that its age has doubled.
 */
export const planSpans = (situation: Situation): readonly Span[] => {
  const { rolled } = situation;
  const pending = pendingHours(situation);
  const beacons = new Map(situation.counts.map((count) => [count.hour, count.beacons]));
  const spansOf = (hours: readonly number[], newestFirst: boolean): readonly Span[] => {
    const runs = runsOf(hours, situation.records);
    const pieces = runs.flatMap((run) => piecesOf(run, beacons, situation.maxBeacons, newestFirst));
    return newestFirst ? pieces.toReversed() : pieces;
  };
  if (rolled === null) return spansOf(pending, true);
  return [
    ...spansOf(
      pending.filter((hour) => hour >= rolled.to),
      false,
    ),
    ...spansOf(
      pending.filter((hour) => hour >= rolled.from && hour < rolled.to),
      true,
    ),
    ...spansOf(
      pending.filter((hour) => hour < rolled.from),
      true,
    ),
  ];
};

const pendingHours = (situation: Situation): readonly number[] => {
  const { counts, records, rolled, edge, keptFrom } = situation;
  const recordOf = new Map(records.map((record) => [record.hour, record]));
  const countOf = new Map(counts.map((count) => [count.hour, count.beacons]));
  const isPlace = (hour: number): boolean => hour < edge && hour >= keptFrom;
  const pending = new Set<number>();
  for (const hour of new Set([...countOf.keys(), ...recordOf.keys()])) {
    if (!isPlace(hour) || (countOf.get(hour) ?? 0) === (recordOf.get(hour)?.beacons ?? 0)) continue;
    pending.add(hour);
    if (rolled === null || hour < rolled.from) continue;
    for (let near = hour - REACH_HOURS; near <= hour + REACH_HOURS; near++) {
      const record = recordOf.get(near);
      if (record === undefined || !isPlace(near)) continue;
      // An hour that follows the rolled ones is news only to those that were made when it was over.
      if (hour < rolled.to || hour < edgeAt(record.madeAt)) pending.add(near);
    }
  }
  for (const record of records)
    if (isPlace(record.hour) && isDue(record, situation)) pending.add(record.hour);
  return [...pending].toSorted((a, b) => a - b);
};

/**
 * Until beacons of its page views can no longer come, an hour is made again whenever it is twice as old, if any beacons came of hours
 * that were live when it was made (of others their number tells).
 */
const isDue = ({ hour, madeAt }: HourRecord, { now, newestAt }: Situation): boolean => {
  const end = (hour + 1) * HOUR_MS;
  const closesAt = end + (REACH_HOURS + 1) * HOUR_MS;
  if (madeAt >= closesAt || hourOf(newestAt) < edgeAt(madeAt)) return false;
  return now >= Math.min(closesAt, end + 2 * Math.max(madeAt - end, HOUR_MS));
};

/** Ascending hours, cut where an hour with a record lies between two of them. */
const runsOf = (hours: readonly number[], records: readonly HourRecord[]): readonly (readonly number[])[] => {
  const wanted = new Set(hours);
  const settled = records.filter((record) => !wanted.has(record.hour)).map((record) => record.hour);
  const marks = [...hours, ...settled].toSorted((a, b) => a - b);
  const runs: number[][] = [[]];
  for (const hour of marks)
    if (wanted.has(hour)) runs.at(-1)?.push(hour);
    else runs.push([]);
  return runs.filter((run) => run.length > 0);
};

/** A run in pieces of at most `maxBeacons` beacons and `MAX_SPAN_HOURS`, filled up from its begin or its end. */
const piecesOf = (
  run: readonly number[],
  beacons: ReadonlyMap<number, number>,
  maxBeacons: number,
  fromEnd: boolean,
): readonly Span[] => {
  const pieces: { hours: HourCount[]; sum: number }[] = [];
  for (const hour of fromEnd ? run.toReversed() : run) {
    const count = beacons.get(hour) ?? 0;
    const last = pieces.at(-1);
    const first = last?.hours[0]?.hour ?? hour;
    if (last !== undefined && last.sum + count <= maxBeacons && Math.abs(hour - first) < MAX_SPAN_HOURS) {
      last.hours.push({ hour, beacons: count });
      last.sum += count;
    } else pieces.push({ hours: [{ hour, beacons: count }], sum: count });
  }
  const spans = pieces.map(({ hours }) => {
    const ascending = hours.toSorted((a, b) => a.hour - b.hour);
    return { from: ascending[0]?.hour ?? 0, to: (ascending.at(-1)?.hour ?? 0) + 1, hours: ascending };
  });
  return fromEnd ? spans.toReversed() : spans;
};

const MAX_SPAN_HOURS = 31 * 24;
