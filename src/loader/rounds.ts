import type { Clock, Log, Running } from '#core';
import { type Checkpoint, createReadMemory } from '#journal';
import { createInsertBudget, roundWindowMs } from './budget.ts';
import { type CollectOptions, collectRound, type Round } from './collect.ts';
import { createBeaconForms } from './decode/beacon-forms.ts';
import { createGate } from './gate.ts';
import { createHostnameWriter } from './hostname-writer.ts';
import { createHousekeeping, type HousekeepingOptions } from './housekeeping.ts';
import type { LagPauses } from './lag-book.ts';
import { loadRound } from './load-round.ts';
import type { LoaderMetrics } from './loader-metrics.ts';
import type { LoadDeps, LoadStep } from './loading.ts';
import type {
  ArchivePort,
  EncodeBeacon,
  JournalPort,
  ReleaseRows,
  TablesPort,
  TenantsPort,
  WarehousePort,
} from './ports.ts';
import { recover } from './recover.ts';
import { createSettle, type SettleOptions } from './settle.ts';
import type { LoaderState } from './state.ts';
import { type LoaderStatus, statusOf } from './status.ts';
import { createTurns } from './turns.ts';
import { createWatch } from './watch.ts';

/** What the loader works on and with. */
export interface RoundsDeps {
  readonly journal: JournalPort;
  readonly archive: ArchivePort;
  readonly warehouse: WarehousePort;
  readonly tables: TablesPort;
  readonly tenants: TenantsPort;
  readonly encode: EncodeBeacon;
  readonly release?: ReleaseRows;
  readonly checkpoint: Checkpoint<LoaderState>;
  readonly metrics: LoaderMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** A batch id that was never used, UInt64. */
  readonly newBatchId: () => bigint;
  /** Is the disk of the journal nearly full? */
  readonly spaceIsLow: () => Promise<boolean>;
  /** Is it so full that beacons are refused? */
  readonly spaceIsShort: () => Promise<boolean>;
  /** Identifies this start of the machine that the warehouse's files are on; '': not known, or another machine's. */
  readonly bootId: () => Promise<string>;
  /** 0 to 1; spreads pauses. */
  readonly random: () => number;
  /** Is the claim on the data folder still ours? Asked before anything is inserted or written into the books. */
  readonly isHeld: () => Promise<boolean>;
  /** Called at each step; tests end the process there. */
  readonly onStep?: (step: LoadStep) => void | Promise<void>;
}

/** All limits and times. */
export interface RoundsOptions extends CollectOptions, SettleOptions, HousekeepingOptions {
  readonly windowMs: number;
  readonly insertsPerSecond: number;
  readonly quarantineFolder: string;
  readonly firstProbePauseMs: number;
  readonly longestProbePauseMs: number;
  readonly lagPauses: Omit<LagPauses, 'random'>;
  /** How long nothing is done between rounds when there is nothing to do. */
  readonly housekeepingMs: number;
  /** How long a stop waits for the round that is being inserted. */
  readonly graceMs: number;
}

/** The running loader. */
export interface Rounds extends Running {
  status(): LoaderStatus;
  /** Rejects when the loader cannot go on (the disk of the archive or of the checkpoint refuses); resolves after `stop`. */
  readonly ended: Promise<void>;
}

const LAST_GRACE_MS = 1_000;
const BACKLOG_WINDOWS = 10;

/**
 * Starts the loader: continues where the checkpoint ends, and from then on collects a round while the one before is inserted.
 * The owner has claimed the folder.
 */
export const startRounds = async (deps: RoundsDeps, options: RoundsOptions): Promise<Rounds> => {
  const { clock, metrics, archive } = deps;
  const log = deps.log.child('loader');
  const step = async (name: LoadStep): Promise<void> => {
    await deps.onStep?.(name);
  };
  const { progress, quarantine } = await recover({ ...deps, log }, options);
  const gate = createGate(
    deps.warehouse,
    { clock, log },
    {
      probeTimeoutMs: options.probeTimeoutMs,
      firstPauseMs: options.firstProbePauseMs,
      longestPauseMs: options.longestProbePauseMs,
      random: deps.random,
    },
  );
  const budget = createInsertBudget(options.insertsPerSecond, clock);
  const onInsert = (outcome: { readonly kind: string }, rows: number, seconds: number): void => {
    metrics.insertSeconds.observe({ outcome: outcome.kind }, seconds);
    metrics.insertRows.inc({ outcome: outcome.kind }, rows);
  };
  const settle = createSettle({ ...deps, gate, budget, log, onStep: step, onInsert }, options);
  const hostnames = createHostnameWriter(deps.warehouse, { clock, log });
  const load: LoadDeps = { ...deps, log, gate, settle, progress, quarantine, hostnames, step };

  const watch = createWatch(clock);
  const housekeeping = createHousekeeping(
    {
      ...load,
      archive,
      spaceIsLow: deps.spaceIsLow,
      spaceIsShort: deps.spaceIsShort,
      loadedThrough: () => watch.loadedThrough(),
    },
    options,
  );
  const stopCollecting = new AbortController();
  const stopLoading = new AbortController();

  /** Rounds and housekeeping take turns; a round never waits for more than one turn. */
  const alternate = createTurns();
  /** In an outage a turn waits for days, or for a round that does: what is loaded leaves a full disk all the same. */
  const freeUntil = async <T>(turn: Promise<T>): Promise<T> => {
    const over = new AbortController();
    const isOver = (): void => over.abort();
    turn.then(isOver, isOver);
    while (!over.signal.aborted) {
      await clock.sleep(options.housekeepingMs, over.signal);
      if (!over.signal.aborted) await housekeeping.free();
    }
    return turn;
  };
  const keepHouse = async (): Promise<void> => {
    while (!stopCollecting.signal.aborted) {
      const more = await freeUntil(alternate(() => housekeeping.turn(stopLoading.signal)));
      if (!more) await clock.sleep(options.housekeepingMs, stopCollecting.signal);
    }
  };

  const memory = createReadMemory();
  const forms = createBeaconForms();
  const collect = (start: Round['end'], isIdle: () => boolean): Promise<Round | null> => {
    const begun = clock.monotonic();
    const windowMs = roundWindowMs(watch.activeTenants(), options);
    const isDue = (hasReachedEnd: boolean): boolean => {
      const waitedMs = clock.monotonic() - begun;
      // In a backlog nothing is fresh anyway: larger inserts let it be over sooner.
      return isIdle() && waitedMs >= (hasReachedEnd ? windowMs : windowMs * BACKLOG_WINDOWS);
    };
    return collectRound(
      start,
      progress.lag.hopeless(),
      isDue,
      { ...deps, log, memory, forms, seen: (oldest, reachedEndAt) => watch.collecting(oldest, reachedEndAt) },
      options,
      stopCollecting.signal,
    );
  };

  const loadRounds = async (): Promise<void> => {
    let loading = Promise.resolve(true);
    let idle = true;
    let start = progress.cursor;
    for (;;) {
      const round = await collect(start, () => idle);
      // A round that was given up (stop) may not be followed by another one: its beacons would be passed over.
      if (!(await loading) || round === null) return;
      await step('round_collected');
      start = round.end;
      idle = false;
      watch.loading(round);
      loading = alternate(() => loadRound(round, load, options, stopLoading.signal)).then((isLoaded) => {
        if (isLoaded) watch.loaded(round);
        idle = true;
        return isLoaded;
      });
      // Without this a failure would be noticed with the next beacon only.
      loading.catch(() => stopCollecting.abort());
    }
  };

  const end = async (): Promise<void> => {
    stopCollecting.abort();
    stopLoading.abort();
    await hostnames.stop();
    await archive.stop();
  };
  const running = Promise.all([loadRounds(), keepHouse()]);
  const ended = running.then(end, async (error: unknown) => {
    log.error('loader_failed', { err: error instanceof Error ? error.message : String(error) });
    await end().catch(() => undefined);
    throw error;
  });
  ended.catch(() => undefined);

  return {
    ended,
    status: () => statusOf(progress, gate, watch, housekeeping.pendingBytes(), clock.now()),
    stop: async () => {
      stopCollecting.abort();
      const settled = ended.catch(() => undefined);
      const patience = new AbortController();
      await Promise.race([settled, clock.sleep(options.graceMs, patience.signal)]);
      stopLoading.abort();
      await Promise.race([settled, clock.sleep(LAST_GRACE_MS, patience.signal)]);
      patience.abort();
    },
  };
};
