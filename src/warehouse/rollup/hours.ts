/** Hours are counted from 1970 on, UTC. */
export const HOUR_MS = 3_600_000;

/** The hour in which an instant (epoch ms) lies. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** Begin of an hour, epoch seconds. */
export const secondsOf = (hour: number): number => hour * 3_600;

/**
 * A second (epoch) in SQL, to compare moments of beacons with. Not `toDateTime`: ClickHouse 26.7 takes `x < toDateTime(s)` for
 * `x <= toDateTime(s - 1)` when it chooses parts by their least and greatest DateTime64, and leaves out those that begin within that second.
 */
export const momentSql = (seconds: number): string => `toDateTime64(${seconds}, 3, 'UTC')`;

/** Hours during which beacons of a page view may come after its begin. */
export const REACH_HOURS = 24;

/** Hours up to here (exclusive) are rolled up: the current and the one before are read from beacons. */
export const edgeAt = (now: number): number => hourOf(now) - 1;

/** The fill of an hour that counts, and what it was made from. */
export interface HourRecord {
  readonly hour: number;
  readonly fill: bigint;
  /** Beacons received in that hour, counted before it was made. */
  readonly beacons: number;
  /** Epoch ms, of before it was made. */
  readonly madeAt: number;
}

/** Hours from `from` up to `to` (exclusive); `from` is 0 when there is nothing earlier. */
export interface RolledHours {
  readonly from: number;
  readonly to: number;
}

/** How many beacons were received in an hour. */
export interface HourCount {
  readonly hour: number;
  readonly beacons: number;
}
