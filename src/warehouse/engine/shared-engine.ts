import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Clock, errorCode, errorText, type Log, type Running, systemClock } from '#core';
import {
  addressOf,
  type EngineAddress,
  findRunning,
  hasOwner,
  isAlive,
  readRegistration,
  register,
  type Registration,
  retire,
} from './registration.ts';
import { type SupervisedEngine, superviseEngine } from './supervisor.ts';

/** What the engine of a data folder is opened with. */
export interface SharedEngineOptions {
  readonly dataDir: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** Ends waiting for another process: opening then rejects. */
  readonly signal?: AbortSignal;
  /** How long another process that has the data open and does not say where its engine is, is waited for. Default: without end. */
  readonly patienceMs?: number;
  /** Called each time the engine of this process has died without having been asked to. */
  readonly onDied?: () => void;
}

/** The engine of a data folder, run by this process or by another one on the same folder. */
export interface SharedEngine extends Running {
  /** Stays the same, whoever runs the engine. */
  readonly address: EngineAddress;
  /** True while this process runs it. */
  readonly isOwn: boolean;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** How often it is looked whether the engine of another process lives, and every so many looks, whether it answers. */
const WATCH_MS = 500;
const LOOKS_FOR_ONE_QUESTION = 20;
/** An owner that has not started its engine again for so long does not do it any more. */
const OWNER_PATIENCE_MS = 60_000;

/**
 * Uses the engine that runs on the data folder, or starts it. Of a process that was killed the engine still ends its statements (15 s at
 * most): it is waited for. When an engine of another process ends and nobody starts it again, this process does, at the same address.
 * Errors: `ENGINE_FAILED` when it cannot be started.
 */
export const openSharedEngine = async (options: SharedEngineOptions): Promise<SharedEngine> => {
  const { log } = options;
  const clock = options.clock ?? systemClock;
  const file = join(options.dataDir, 'engine.json');
  const folder = join(options.dataDir, 'engine');
  const stopping = new AbortController();
  const ending = AbortSignal.any([
    stopping.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);

  const start = async (address: EngineAddress | undefined, mayMove: boolean): Promise<SupervisedEngine> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return superviseEngine({
      folder,
      memoryBytes: options.memoryBytes,
      threads: options.threads,
      log: log.child('engine'),
      clock,
      ...(address === undefined ? {} : { address, mayMove }),
      onReady: (facts) => register(file, facts, new Date(clock.now())),
      ...(options.onDied === undefined ? {} : { onDied: options.onDied }),
    });
  };

  const open = async (): Promise<SupervisedEngine | Registration> => {
    const end = clock.monotonic() + (options.patienceMs ?? Number.POSITIVE_INFINITY);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const found = await findRunning(file);
      if (found !== undefined) return found;
      try {
        return await start(addressOf(await readRegistration(file)), true);
      } catch (error) {
        if (errorCode(error) !== 'ENGINE_LOCKED') throw error;
        if (ending.aborted || clock.monotonic() >= end) throw heldByAnother(options.dataDir, error);
        if (pauseMs === FIRST_PAUSE_MS) log.warn('engine_waits', { reason: errorText(error) });
        await clock.sleep(pauseMs, ending);
      }
    }
  };

  const opened = await open();
  let own: SupervisedEngine | null = 'facts' in opened ? opened : null;
  const { url, username, password } = 'facts' in opened ? opened.facts() : opened;
  const address = { url, username, password };

  /** Resolves when the engine of the other process has ended or does not answer any more. */
  const gone = async ({ pid }: Registration): Promise<void> => {
    for (let looks = 1; !ending.aborted && isAlive(pid); looks += 1) {
      await clock.sleep(WATCH_MS, ending);
      if (looks % LOOKS_FOR_ONE_QUESTION === 0 && (await findRunning(file))?.pid !== pid) return;
    }
  };

  /** The engine that follows one that has gone: its owner's, another process's, or our own. */
  const successor = async (last: Registration): Promise<Registration | null> => {
    const since = clock.monotonic();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (ending.aborted) return null;
      const found = await findRunning(file);
      if (found?.url === url && found.password === password) return found;
      if (found !== undefined && pauseMs === FIRST_PAUSE_MS)
        log.error('engine_moved', { from: url, to: found.url, hint: 'start this process again' });
      const isLeft = !hasOwner((await readRegistration(file)) ?? last);
      if (found === undefined && (isLeft || clock.monotonic() - since > OWNER_PATIENCE_MS)) {
        try {
          own = await start(address, false);
          log.info('engine_taken_over', { from_pid: last.pid });
          return null;
        } catch (error) {
          if (errorCode(error) !== 'ENGINE_LOCKED')
            log.error('engine_start_failed', { err: errorText(error), retry_ms: pauseMs });
        }
      }
      await clock.sleep(pauseMs, ending);
    }
  };

  const follow = async (): Promise<void> => {
    let current = 'facts' in opened ? null : opened;
    while (current !== null && !ending.aborted) {
      await gone(current);
      if (!ending.aborted) current = await successor(current);
    }
  };
  const following = follow();

  let stopped: Promise<void> | undefined;
  return {
    address,
    get isOwn() {
      return own !== null;
    },
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        await following;
        if (own === null) return;
        await own.stop();
        await retire(file, own.facts().pid);
      })();
      return stopped;
    },
  };
};

const heldByAnother = (dataDir: string, cause: unknown): AppError =>
  new AppError('ENGINE_FAILED', 'starting the embedded ClickHouse: another process has its data open', {
    hint: `stop the other rumbrella process that uses ${dataDir}`,
    cause,
  });
