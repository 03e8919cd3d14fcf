import { errorText } from '#core';
import type { TenantId } from '#tenants';
import { catchUp } from './catch-up.ts';
import { bytesAfter } from './cursor.ts';
import { type LoadDeps, type LoadOptions, requireLock } from './loading.ts';
import { lookAgain, lookBackCursor } from './look-again.ts';
import type { ArchivePort } from './ports.ts';
import { removableSegments } from './retention.ts';
import { createTurns } from './turns.ts';

/** What is done between rounds. */
export interface Housekeeping {
  /** One turn of everything that is due; true: there is more to do at once. Troubles are logged and tried again later. */
  turn(signal: AbortSignal): Promise<boolean>;
  /**
   * Deletes the segments that nobody needs, when that is due, and nothing else: for the time that a turn or a round waits for the warehouse. May run
   * beside both. Rejects when the claim on the folder is lost.
   */
  free(): Promise<void>;
  /** Bytes of the journal that were not loaded at the last look. */
  pendingBytes(): number;
}

/** How often what is looked at, and for how long segments are kept. */
export interface HousekeepingOptions extends LoadOptions {
  readonly keepLoadedMs: number;
  readonly lookEveryMs: number;
  readonly probeEveryMs: number;
  readonly probeTimeoutMs: number;
  readonly closeDaysEveryMs: number;
  /** A tenant that lags for longer keeps no segments any more: its backlog is left to the archive. */
  readonly giveUpAfterMs: number;
  /** After a restart of the server, what was loaded shortly before is looked at again. */
  readonly distrustRestarts: boolean;
}

/** What it needs beside the rest. */
export interface HousekeepingDeps extends LoadDeps {
  readonly archive: ArchivePort;
  /** Everything received before this instant (epoch ms) is loaded. */
  readonly loadedThrough: () => number;
  /** Is the disk of the journal nearly full? */
  readonly spaceIsLow: () => Promise<boolean>;
  /** Is it so full that beacons are refused? */
  readonly spaceIsShort: () => Promise<boolean>;
}

/** Server start times that differ by less are one start, seen through two clocks. */
const SAME_START_MS = 5_000;
/** Creates the housekeeping. */
export const createHousekeeping = (deps: HousekeepingDeps, options: HousekeepingOptions): Housekeeping => {
  const { clock, log, progress } = deps;
  const timers = new Map<string, number>();
  let pendingBytes = 0;
  /** Until here (epoch ms) the server was seen to be the one that is known: what it loses, it got before, and shortly before. */
  let sameUntil = progress.continuedFrom;

  const isDue = (job: string, everyMs: number): boolean => {
    const now = clock.monotonic();
    if (now < (timers.get(job) ?? Number.NEGATIVE_INFINITY)) return false;
    timers.set(job, now + everyMs);
    return true;
  };

  /** A job that fails is no reason for another not to be done. */
  const attempt = async (job: string, work: () => Promise<boolean | void>): Promise<boolean> => {
    try {
      return (await work()) === true;
    } catch (error) {
      log.warn('housekeeping_failed', { job, err: errorText(error) });
      timers.set(job, clock.monotonic() + options.lookEveryMs);
      return false;
    }
  };

  /** One tenant may not fill the disk for all. Nothing is lost: its beacons are in the archive, from where they can be replayed. */
  const giveUp = (tenant: TenantId, isShort: boolean): void => {
    const beacons = progress.lag.giveUp(tenant, progress.cursor);
    deps.metrics.archivedOnly.inc({ folder: tenant }, beacons);
    const why = isShort ? 'the disk is nearly full' : 'it lagged for too long';
    log.error('backlog_left_to_archive', { tenant, beacons, why });
  };

  /** Looking at the server may need segments again that were about to be deleted: never both at once. */
  const alone = createTurns();

  const leaveBacklogs = async (): Promise<void> => {
    const isShort = await deps.spaceIsShort();
    const now = clock.now();
    for (const [tenant, { since, pending }] of progress.lag.entries())
      if (pending > 0 && (isShort || since + options.giveUpAfterMs <= now)) giveUp(tenant, isShort);
  };

  const freeSegments = async (): Promise<void> => {
    const segments = await deps.journal.segments();
    pendingBytes = bytesAfter(progress.cursor, segments);
    const urgent = await deps.spaceIsLow();
    const now = clock.now();
    const gone = removableSegments(segments, progress.cursors(), {
      // A server that is away may come back without what it had: until it is seen, nothing gets older.
      now: options.distrustRestarts ? Math.min(now, sameUntil) : now,
      keepMs: options.keepLoadedMs,
      urgent,
    });
    for (const segment of gone) {
      await deps.step('before_remove');
      await deps.journal.remove(segment);
      await deps.step('segment_removed');
      deps.metrics.segmentsRemoved.inc();
      log.info('segment_removed', { segment });
    }
    const removed = new Set(gone);
    const left = segments.map(({ segment }) => segment).filter((segment) => !removed.has(segment));
    progress.forgetGone(new Set(left));
  };

  const watchServer = async (): Promise<boolean> => {
    const { up, startedAt } = await deps.warehouse.probe(options.probeTimeoutMs);
    if (!up) return false;
    const known = progress.serverStartedAt;
    const seenAt = clock.now();
    if (known !== null && startedAt <= known + SAME_START_MS) {
      sameUntil = seenAt;
      return false;
    }
    const distrusted = known !== null && options.distrustRestarts;
    const from = distrusted
      ? lookBackCursor(await deps.journal.segments(), Math.min(startedAt, sameUntil))
      : null;
    if (distrusted) log.warn('server_restarted', { started_at: new Date(startedAt).toISOString() });
    await progress.serverRestarted(startedAt, from);
    sameUntil = seenAt;
    return distrusted;
  };

  const freeWhenDue = (): Promise<unknown> =>
    alone(async () => {
      if (!isDue('free_segments', options.lookEveryMs)) return;
      await attempt('free_segments', freeSegments);
    });

  return {
    pendingBytes: () => pendingBytes,
    free: async () => {
      await requireLock(deps);
      await freeWhenDue();
    },
    turn: async (signal) => {
      await requireLock(deps);
      let more = false;
      if (isDue('leave_backlogs', options.lookEveryMs)) await attempt('leave_backlogs', leaveBacklogs);
      await freeWhenDue();
      if (isDue('watch_server', options.probeEveryMs))
        more = await alone(() => attempt('watch_server', watchServer));
      if (deps.gate.up && isDue('catch_up', 0))
        more = (await attempt('catch_up', () => catchUp(deps, options, signal))) || more;
      if (deps.gate.up && isDue('look_again', 0))
        more = (await attempt('look_again', () => lookAgain(deps, options, signal))) || more;
      if (isDue('close_days', options.closeDaysEveryMs))
        await attempt('close_days', async () => {
          const through = deps.loadedThrough();
          await deps.archive.closeDays(clock.now(), (instant) => instant <= through);
        });
      return more && !signal.aborted;
    },
  };
};
