import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorText, type Log, type Metrics, type Running } from '#core';
import type { TenantId } from '#tenants';
import type { RolledHours } from './hours.ts';
import { type BegunCopy, openLiveTable } from './live-table.ts';

/**
 * Copies of the page views of live hours, put together from their beacons once for the many statements of those who look at charts. To understand and run
 * such a statement with the page views of one hour takes 60 to 170 ms of CPU, most of it however few beacons there are; a copy takes 0.35 to 0.55 s, by
 * one thread, for the next twenty seconds. (Measured with 15,000 and 30,000 page views.)
 */
export interface LiveCopies extends Running {
  /**
   * The copy that stands for the beacons of all hours after `rolled`, or null: read beacons. Sees to it that there is a copy soon. `beacons` is how many the
   * tenant has now. Never waits and never throws.
   */
  find(tenantId: TenantId, rolled: RolledHours, beacons: number): string | null;
}

/** What it depends on. */
export interface LiveCopiesOptions {
  /** Of one server: on a cluster everything is read from beacons. */
  readonly client: ClickHouseClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** While beacons come, a copy is read up to this age. At half of it another one is made. */
const OLDEST_MS = 20_000;
/** So much of its beacons may have come since: what a person sees in a chart of weeks is the same, and an organization with few beacons sees each at once. */
const LARGEST_LACK = 0.01;
/** Without new beacons it stands for longer; its rows are swept later. */
const OLDEST_UNCHANGED_MS = 120_000;
/** A million beacons would take ten seconds and the memory of all. */
const MOST_BEACONS = 200_000;
/** Who asked for the first chart of a page gets it before the copy takes a processor. */
const FIRST_WAIT_MS = 500;
/** While another copy can be read for some time, it is made when nobody has asked for so long: pages ask for much at once, and then people read. */
const QUIET_MS = 1_000;
const LONGEST_WAIT_MS = 6_000;
const AFTER_FAILURE_MS = 60_000;
const SWEEP_EVERY_MS = 300_000;

interface Copy extends BegunCopy {
  readonly rolled: RolledHours;
  /** Monotonic. */
  readonly begunAt: number;
}

/** Starts making copies for those that ask. */
export const createLiveCopies = ({ client, clock, metrics, log }: LiveCopiesOptions): LiveCopies => {
  const table = openLiveTable(client);
  const ended = new AbortController();
  const copies = new Map<TenantId, Copy>();
  const wanted = new Map<TenantId, Promise<void>>();
  const resting = new Map<TenantId, number>();
  let askedAt = Number.NEGATIVE_INFINITY;
  // One at a time: reports need the other processor.
  let making: Promise<void> = Promise.resolve();
  const made = metrics.counter('rumbrella_live_copies_total', 'Copies of the page views of live hours');

  const waitForQuiet = async (): Promise<void> => {
    const latest = clock.monotonic() + LONGEST_WAIT_MS;
    for (;;) {
      const now = clock.monotonic();
      const until = Math.min(askedAt + QUIET_MS, latest);
      if (ended.signal.aborted || now >= until) return;
      await clock.sleep(until - now, ended.signal);
    }
  };

  const make = async (tenantId: TenantId, rolled: RolledHours): Promise<void> => {
    if (ended.signal.aborted) return;
    const begunAt = clock.monotonic();
    try {
      const begun = await table.begin(tenantId, rolled);
      if (begun.live > MOST_BEACONS) resting.set(tenantId, begunAt + AFTER_FAILURE_MS);
      else {
        await table.store(tenantId, begun.id, rolled);
        copies.set(tenantId, { ...begun, rolled, begunAt });
        made.inc();
      }
    } catch (error) {
      resting.set(tenantId, begunAt + AFTER_FAILURE_MS);
      log.warn('live_copy_failed', { tenant: tenantId, err: errorText(error) });
    }
  };

  const renew = async (tenantId: TenantId, rolled: RolledHours, isReadable: boolean): Promise<void> => {
    await clock.sleep(FIRST_WAIT_MS, ended.signal);
    if (isReadable) await waitForQuiet();
    making = making.then(() => make(tenantId, rolled));
    await making;
    wanted.delete(tenantId);
  };

  const sweep = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(SWEEP_EVERY_MS, ended.signal);
      if (ended.signal.aborted) return;
      await table.sweep().catch((error: unknown) => log.warn('live_sweep_failed', { err: errorText(error) }));
    }
  };
  const sweeping = sweep();

  return {
    find: (tenantId, rolled, beacons) => {
      const now = clock.monotonic();
      askedAt = now;
      const copy = copies.get(tenantId);
      const worth = copy === undefined ? 'none' : worthOf(copy, rolled, beacons, now - copy.begunAt);
      const isResting = now < (resting.get(tenantId) ?? Number.NEGATIVE_INFINITY);
      if (worth !== 'fresh' && !isResting && !wanted.has(tenantId) && !ended.signal.aborted)
        wanted.set(tenantId, renew(tenantId, rolled, worth === 'old'));
      return worth === 'none' ? null : (copy?.id ?? null);
    },
    stop: async () => {
      ended.abort();
      await Promise.all([sweeping, ...wanted.values()]);
    },
  };
};

/** `fresh`: read it; `old`: read it and make another; `none`: it does not stand for the beacons any longer. */
const worthOf = (copy: Copy, rolled: RolledHours, beacons: number, age: number): 'fresh' | 'old' | 'none' => {
  if (copy.rolled.from !== rolled.from || copy.rolled.to !== rolled.to) return 'none';
  const lack = beacons - copy.beacons;
  if (lack < 0 || lack > copy.live * LARGEST_LACK) return 'none';
  const oldest = lack === 0 ? OLDEST_UNCHANGED_MS : OLDEST_MS;
  return age > oldest ? 'none' : age > oldest / 2 ? 'old' : 'fresh';
};
