import { AppError, type Clock, errorCode, errorText, type Log } from '#core';
import type { Snapshot, TenantId } from '#tenants';
import type { ArchivedBeacon } from './beacon.ts';
import { readDay } from './read-day.ts';
import { createReplayBatches, type ReplayBatch } from './replay-batches.ts';
import { decideReplay, type ReplaySelection } from './replay-decision.ts';
import type { ReplayState } from './replay-state.ts';
import { createTally, type ReplayProgress, type ReplayReport, type SinkResult } from './replay-tally.ts';
import { DAY_MS } from './layout.ts';
import { findSources, type SourceDay } from './sources.ts';

/** Code of a sink's refusal when another replay has taken its place: nothing is tried again. */
export const REPLAY_TAKEN_OVER = 'REPLAY_TAKEN_OVER';

/** Where replayed beacons go. Each of them has an identity; what is in the table already is not inserted again. */
export interface ReplaySink {
  insertMissing(tenant: TenantId, beacons: readonly ArchivedBeacon[]): Promise<SinkResult>;
  /** The same question without inserting. */
  countMissing(tenant: TenantId, beacons: readonly ArchivedBeacon[]): Promise<SinkResult>;
  /**
   * Will the loader itself still bring this beacon into the tenant's table? Then it is left to it: two that insert at the same time could double
   * it. Asked for beacons that were accepted for a tenant at the door.
   */
  isLoaderBusyWith(tenant: TenantId, beacon: ArchivedBeacon): boolean;
}

/** What to replay. */
export interface ReplayOptions extends ReplaySelection {
  /** An archive folder, one of its folders, or a file; of this program or of Basic RUM. */
  readonly from: string;
  /** Only these folders of it (`unknown`, `expired`, a prefix, a host of the Go front); null: all. */
  readonly folder: string | null;
  /** The lines are ours although the folder has no marker. */
  readonly own: boolean;
  readonly dryRun: boolean;
  /** Beacons a second at most; 0: as fast as it goes. */
  readonly ratePerSecond: number;
  readonly traceParameters: readonly string[];
}

/** What replaying needs. */
export interface ReplayDeps {
  readonly snapshot: Snapshot;
  readonly sink: ReplaySink;
  readonly state: ReplayState;
  readonly clock: Clock;
  readonly log: Log;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

const BATCH = { beacons: 1_000, bytes: 8 * 1_048_576 };

/** After so many beacons, or with so much waiting, all batches are written, and the days that were read are done. */
const BEACONS_BETWEEN_SAVES = 20_000;
const WAITING_BYTES = 64 * 1_048_576;

/** A failed batch is tried so often, with pauses from one second on. */
const ATTEMPTS = 5;

/**
 * Brings archived beacons into the tables of the tenants that they belong to now, with their own receive times. May be run twice, or again after an
 * interruption: what is there already is found by its identity. Throws when the warehouse refuses for longer, and at once `REPLAY_TAKEN_OVER`.
 */
export const replay = async (
  options: ReplayOptions,
  deps: ReplayDeps,
  signal: AbortSignal,
): Promise<ReplayReport> => {
  const { snapshot, sink, state, clock, log } = deps;
  const sources = await findSources(options.from);
  const own = sources.own || options.own;
  const wanted = sources.days.filter((day) => isWanted(day, options, own));
  const todo = wanted.filter((day) => !state.isDone(day));
  const tally = createTally(todo, deps.onProgress);
  const batches = createReplayBatches(BATCH);
  const pace = createPace(options.ratePerSecond, clock);
  const rules = { own, traceParameters: options.traceParameters, latestTime: clock.now() + DAY_MS };
  let readDays: SourceDay[] = [];
  let unsaved = 0;

  const write = async (batch: ReplayBatch): Promise<void> => {
    const { tenant, beacons } = batch;
    const work = options.dryRun ? sink.countMissing.bind(sink) : sink.insertMissing.bind(sink);
    tally.add(tenant, await withRetries(() => work(tenant, beacons), { clock, log }, signal));
    await pace(beacons.length, signal);
  };

  const writeAll = async (): Promise<void> => {
    for (const batch of batches.takeAll()) await write(batch);
    await state.done(readDays);
    readDays = [];
    unsaved = 0;
  };

  const take = async (beacon: ArchivedBeacon): Promise<void> => {
    const decision = decideReplay(beacon, snapshot, clock.now(), options);
    if (decision.kind === 'leave') return tally.leave(decision.why);
    const isAccepted = beacon.dialect === 'rumbrella' && beacon.record.destination === decision.tenant;
    if (isAccepted && sink.isLoaderBusyWith(decision.tenant, beacon)) return tally.leave('in_journal');
    const full = batches.add(decision.tenant, beacon);
    if (full === 'repeated') tally.leave('repeated');
    else if (full !== null) await write(full);
  };

  /** False: stopped. */
  const readOne = async (day: SourceDay): Promise<boolean> => {
    tally.begin(day);
    for await (const piece of readDay(day, rules, tally.bytes)) {
      tally.read(piece);
      unsaved += piece.beacons.length;
      for (const beacon of piece.beacons) {
        if (signal.aborted) return false;
        await take(beacon);
      }
      if (unsaved >= BEACONS_BETWEEN_SAVES || batches.bytes() >= WAITING_BYTES) await writeAll();
    }
    readDays.push(day);
    return true;
  };

  /** The daily job may close a day after its files were listed: then it is read in its new form. */
  const readInAnyForm = async (day: SourceDay, attempts = 3): Promise<boolean> => {
    try {
      return await readOne(day);
    } catch (error) {
      if (errorCode(error) !== 'ARCHIVE_FILE_GONE' || attempts === 0) throw error;
      const { days } = await findSources(options.from);
      for (const form of days.filter((other) => other.folder === day.folder && other.day === day.day))
        if (!(await readInAnyForm(form, attempts - 1))) return false;
      return true;
    }
  };

  for (const day of todo) if (!(await readInAnyForm(day))) break;
  if (!signal.aborted) await writeAll();
  if (!signal.aborted) await state.remove();
  return tally.report({
    skippedDays: wanted.length - todo.length,
    ignored: sources.ignored,
    stopped: signal.aborted,
  });
};

/** Our days are known from the path; the receive times of others can be anything. */
const isWanted = (
  { folder, day }: SourceDay,
  { folder: wanted, since, until }: ReplayOptions,
  own: boolean,
): boolean => {
  if (wanted !== null && folder !== wanted) return false;
  if (!own || day === null) return true;
  return (since === null || day + DAY_MS > since) && (until === null || day < until);
};

const withRetries = async <T>(
  work: () => Promise<T>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) === REPLAY_TAKEN_OVER) throw error;
      if (attempt === ATTEMPTS || signal.aborted)
        throw new AppError('REPLAY_FAILED', `replaying a batch: ${errorText(error)}`, {
          hint: 'what is in the tables stays; run the same command again to go on',
          cause: error,
        });
      log.warn('replay_batch_failed', { attempt, code: errorCode(error), err: errorText(error) });
      await clock.sleep(500 * 2 ** attempt, signal);
    }
  }
};

/** Waits so long that on average not more than `perSecond` pass. */
const createPace = (
  perSecond: number,
  clock: Clock,
): ((count: number, signal: AbortSignal) => Promise<void>) => {
  let due = clock.monotonic();
  return async (count, signal) => {
    if (perSecond <= 0) return;
    due = Math.max(due, clock.monotonic()) + (count * 1_000) / perSecond;
    const wait = due - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, signal);
  };
};
