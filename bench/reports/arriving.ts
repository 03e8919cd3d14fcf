import { setTimeout as sleep } from 'node:timers/promises';
import { insertBeacons } from './fill-rollup.ts';

/** Beacons that keep coming while reports are asked for. */
export interface Arriving {
  readonly tenant: string;
  readonly perSecond: number;
  /** When the first one is received, epoch seconds: an hour before the reports' now, so that it is live. */
  readonly from: number;
}

/** A number that no beacon has that is there before. */
const FIRST = 1_000_000_000;

/** Inserts the beacons of a second every second, as the loader does, by statements given to `run`, until it is told to stop. */
export const startArriving = (
  run: (sql: string) => Promise<unknown>,
  { tenant, perSecond, from }: Arriving,
): (() => Promise<void>) => {
  const ended = new AbortController();
  const count = Math.max(1, Math.round(perSecond));
  const arrive = async (): Promise<void> => {
    for (let second = 0; !ended.signal.aborted; second++) {
      await run(
        insertBeacons(tenant, { first: FIRST + second * count, count, from: from + second, seconds: 1 }),
      );
      await sleep(1_000, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const arriving = arrive();
  return async () => {
    ended.abort();
    await arriving;
  };
};
