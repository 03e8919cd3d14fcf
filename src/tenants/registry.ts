import { readFile } from 'node:fs/promises';
import { AppError, type Clock, errorText, type Log, type Metrics, replaceFile } from '#core';
import { compareMaps, isSuspicious } from './map-change.ts';
import { type MapFile, mapFile, readMapFile } from './map-file.ts';
import type { ParsedMap } from './parse.ts';
import { parseAside } from './parse-aside.ts';
import { type MapProblem, mapProblem, problemText } from './problem.ts';
import { createRegistryMetrics } from './registry-metrics.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import { createFolderWatcher } from './watcher.ts';

/** Holds the snapshot in force and announces the next one. */
export interface TenantRegistry {
  /** The snapshot in force. Cheap: call it once per request. */
  current(): Snapshot;
  /** Calls back after each swap, with the new and the old one. Returns the function that ends it. */
  onChange(listener: (next: Snapshot, previous: Snapshot) => void): () => void;
  /** What is wrong with the file now; empty when the file in force is the file on disk. */
  problems(): readonly MapProblem[];
  /**
   * Looks at the file now; resolves when a change, if there is one, is in force or refused. `confirm`: a map that is
   * suddenly much smaller is meant so. Never rejects.
   */
  reload(options?: { readonly confirm?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Where the map is, and how patiently it is read. */
export interface TenantRegistryOptions {
  /** The users map. */
  readonly path: string;
  /** Where the last good content is kept for a restart. */
  readonly lastGoodPath: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** The file is looked at this often in any case. Default 60 s. */
  readonly pollMs?: number;
  /** After a sign of change the file is looked at this much later. Default 100 ms. */
  readonly debounceMs?: number;
  /** A new content is believed when it is the same this much later: it may be half written. Default 500 ms. */
  readonly settleMs?: number;
  /** A map that is suddenly much smaller is believed when it is the same this much later. Default 5 minutes. */
  readonly shrinkMs?: number;
}

/** A content that was seen and is not in force yet. */
interface Candidate {
  readonly version: string;
  /** Monotonic time of the first sight. */
  readonly since: number;
}

/**
 * Reads the users map and keeps it up to date: watches its folder, looks every minute in any case, builds the next snapshot
 * aside and swaps it in at once. Whatever is wrong with the file, the last good snapshot stays in force, also over a
 * restart; with nothing at all the snapshot is empty and every trace is unknown. Never rejects.
 */
export const openTenantRegistry = async (options: TenantRegistryOptions): Promise<TenantRegistry> => {
  const { path, lastGoodPath, clock, log, pollMs = 60_000, debounceMs = 100 } = options;
  const { settleMs = 500, shrinkMs = 300_000 } = options;
  const observe = createRegistryMetrics(options.metrics, clock);
  const stopping = new AbortController();
  const listeners = new Set<(next: Snapshot, previous: Snapshot) => void>();
  let snapshot = createSnapshot('', clock.now(), [], []);
  let problems: readonly MapProblem[] = [];
  let candidate: Candidate | null = null;
  /** The newest content that was parsed, so that a file that stays bad is not parsed every minute. */
  let parsed: { readonly version: string; readonly map: ParsedMap } | null = null;
  let queue: Promise<void> = Promise.resolve();
  /** Monotonic time of the look that is planned next, besides those of every minute. */
  let nextLookAt = Number.POSITIVE_INFINITY;

  const look = async (settled: boolean, confirmed: boolean): Promise<void> => {
    if (stopping.signal.aborted) return;
    await watcher.refresh();
    try {
      const file = await readMapFile(path);
      if (file.version === snapshot.version) accept();
      else if (settled || isSettled(file.version)) await judge(file, confirmed);
    } catch (error) {
      candidate = null;
      const found = error instanceof AppError ? error.message : errorText(error);
      refuse([mapProblem(null, '', found, 'a users map that can be read')]);
    }
    observe(snapshot, problems.length === 0);
  };

  const isSettled = (version: string): boolean => {
    if (candidate?.version !== version) candidate = { version, since: clock.monotonic() };
    const left = candidate.since + settleMs - clock.monotonic();
    if (left > 0) lookLater(left);
    return left <= 0;
  };

  const judge = async (file: MapFile, confirmed: boolean): Promise<void> => {
    if (candidate?.version !== file.version) candidate = { version: file.version, since: clock.monotonic() };
    if (parsed?.version !== file.version)
      parsed = { version: file.version, map: await parseAside(file.bytes, stopping.signal) };
    if (stopping.signal.aborted) return;
    const { map } = parsed;
    if (map.problems.length > 0) return refuse(map.problems);
    const change = compareMaps(snapshot, map.tenants);
    const believed =
      confirmed ||
      clock.monotonic() - candidate.since >= shrinkMs ||
      (await hasConfirmation(path, file.version));
    if (isSuspicious(snapshot, change) && !believed) {
      const found = `${change.removed.length} of ${snapshot.tenants.length} tenants gone at once`;
      const minutes = Math.ceil(shrinkMs / 60_000);
      const expected = `the same file ${minutes} minutes later, or its SHA-256 in ${path}.confirm`;
      return refuse([mapProblem(null, '', found, expected)]);
    }
    const previous = snapshot;
    snapshot = createSnapshot(file.version, clock.now(), map.tenants, map.relations);
    accept();
    log.info('users_map_replaced', {
      version: file.version.slice(0, 12),
      tenants: map.tenants.length,
      relations: map.relations.length,
      added: change.added.length,
      removed: change.removed.length,
      moved_traces: change.movedTraces.length,
    });
    if (map.warnings.length > 0)
      log.warn('users_map_warnings', {
        path,
        warnings: map.warnings.slice(0, 10).map(problemText),
        count: map.warnings.length,
      });
    for (const listener of listeners) tell(listener, previous);
    await keep(file);
  };

  const accept = (): void => {
    if (problems.length > 0) log.info('users_map_recovered', { version: snapshot.version.slice(0, 12) });
    problems = [];
    candidate = null;
    parsed = null;
  };

  const refuse = (found: readonly MapProblem[]): void => {
    const isNew = JSON.stringify(found) !== JSON.stringify(problems);
    problems = Object.freeze([...found]);
    if (!isNew) return;
    const fields = { path, problems: found.slice(0, 10).map(problemText), count: found.length };
    if (snapshot.tenants.length === 0) log.error('users_map_refused', fields);
    else log.warn('users_map_refused', { ...fields, in_force: snapshot.version.slice(0, 12) });
  };

  const keep = async (file: MapFile): Promise<void> => {
    try {
      await replaceFile(lastGoodPath, file.bytes);
    } catch (error) {
      log.error('users_map_not_kept', { path: lastGoodPath, err: errorText(error) });
    }
  };

  const tell = (listener: (next: Snapshot, previous: Snapshot) => void, previous: Snapshot): void => {
    try {
      listener(snapshot, previous);
    } catch (error) {
      log.error('users_map_listener_failed', { err: errorText(error) });
    }
  };

  const enqueue = (settled: boolean, confirmed = false): Promise<void> => {
    queue = queue.then(() => look(settled, confirmed));
    return queue;
  };

  /** Many signs in a short time make one look; signs that never end do not put it off. */
  const lookLater = (delayMs: number): void => {
    const at = clock.monotonic() + delayMs;
    if (at >= nextLookAt) return;
    nextLookAt = at;
    void clock.sleep(delayMs, stopping.signal).then(() => {
      if (nextLookAt === at) nextLookAt = Number.POSITIVE_INFINITY;
      return enqueue(false);
    });
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(pollMs, stopping.signal);
      await enqueue(false);
    }
  };

  const watcher = createFolderWatcher(path, () => lookLater(debounceMs));
  snapshot = (await readLastGood(lastGoodPath, clock, log)) ?? snapshot;
  await enqueue(true);
  const polling = poll();

  return {
    current: () => snapshot,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    problems: () => problems,
    reload: ({ confirm = false } = {}) => enqueue(true, confirm),
    stop: async () => {
      stopping.abort();
      watcher.stop();
      await polling;
      await queue;
    },
  };
};

const readLastGood = async (path: string, clock: Clock, log: Log): Promise<Snapshot | null> => {
  let file: MapFile;
  try {
    file = mapFile(await readFile(path));
  } catch {
    return null; // A first start.
  }
  const map = await parseAside(file.bytes);
  if (map.problems.length === 0) return createSnapshot(file.version, clock.now(), map.tenants, map.relations);
  log.warn('users_map_last_good_refused', { path, problems: map.problems.slice(0, 10).map(problemText) });
  return null;
};

/** `sha256sum users-map.yaml > users-map.yaml.confirm` says that exactly this content is meant. */
const hasConfirmation = async (path: string, version: string): Promise<boolean> => {
  try {
    const file = await readMapFile(`${path}.confirm`);
    return Buffer.from(file.bytes).toString('latin1').trimStart().startsWith(version);
  } catch {
    return false;
  }
};
