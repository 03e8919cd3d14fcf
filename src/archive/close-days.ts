import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, errorCode, errorText, type Log } from '#core';
import type { Compression } from './compression.ts';
import { closeDay, sweepTemporary } from './close-day.ts';
import { CLOSING_SUFFIX, DAY_MS, dayName, isFolderName, parseDay } from './layout.ts';

/** Runs `rename` while nothing is appended to this day (`fashion_bg/2026-11-2`). False: a round is writing to it now. */
export type SetAside = (day: string, rename: () => Promise<void>) => Promise<boolean>;

/** The daily job of a whole archive. */
export interface DayCloser {
  /** Starts a pass unless one runs. Resolves when it is done or after a short while. */
  run(now: number, isLoadedThrough: (epochMs: number) => boolean): Promise<void>;
  /** These hourly files were written: one of a day that is over makes another pass necessary. */
  noticed(paths: Iterable<string>): void;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a caller waits for a pass at most: it may be in the middle of something. */
const PATIENCE_MS = 500;

/** A pass that failed for some day is repeated after this time; one that had to leave a day because it is not loaded or being written, sooner. */
const RETRY_MS = 600_000;
const LOOK_AGAIN_MS = 1_000;

/** What a pass over all folders, or the work on one day, came to. */
type PassResult = 'done' | 'waiting' | 'failed';

/** Creates the job; it does nothing by itself. */
export const createDayCloser = (
  root: string,
  options: { readonly compression: Compression; readonly level: number },
  setAside: SetAside,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): DayCloser => {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  /** Day (name) for which everything was done; '' when something is left. */
  let doneFor = '';
  let nextTry = 0;

  const closeOne = async (folder: string, day: string): Promise<boolean> => {
    try {
      const closed = await closeDay(join(root, folder), day, options, stopping.signal);
      if (closed !== null) log.info('archive_day_closed', { folder, day, ...closed });
      return true;
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error('archive_day_not_closed', { folder, day, code: errorCode(error), err: errorText(error) });
      return false;
    }
  };

  /** Sets the day's hours aside and closes them. Waiting: a round is writing to them now. */
  const work = async (folder: string, day: string): Promise<PassResult> => {
    const closing = `${day}${CLOSING_SUFFIX}`;
    // What was set aside before goes first: its folder has to be gone before the next one can have its name.
    if ((await exists(join(root, folder), closing)) && !(await closeOne(folder, day))) return 'failed';
    if (!(await exists(join(root, folder), day))) return 'done';
    const isAside = await setAside(`${folder}/${day}`, () =>
      rename(join(root, folder, day), join(root, folder, closing)),
    );
    if (!isAside) return 'waiting';
    return (await closeOne(folder, day)) ? 'done' : 'failed';
  };

  const pass = async (now: number, isLoadedThrough: (epochMs: number) => boolean): Promise<PassResult> => {
    const results = new Set<PassResult>();
    for (const folder of await foldersOf(root)) {
      await sweepTemporary(join(root, folder));
      for (const day of await daysOf(join(root, folder))) {
        if (stopping.signal.aborted) return 'failed';
        const end = (parseDay(day) ?? Number.POSITIVE_INFINITY) + DAY_MS;
        if (end > now) continue;
        results.add(isLoadedThrough(end) ? await work(folder, day) : 'waiting');
      }
    }
    if (results.has('failed')) return 'failed';
    return results.has('waiting') ? 'waiting' : 'done';
  };

  const start = async (now: number, isLoadedThrough: (epochMs: number) => boolean): Promise<void> => {
    const today = dayName(now);
    doneFor = today;
    let result: PassResult = 'failed';
    try {
      result = await pass(now, isLoadedThrough);
    } catch (error) {
      log.error('archive_days_not_closed', { code: errorCode(error), err: errorText(error) });
    }
    if (result === 'done') return;
    doneFor = '';
    nextTry = clock.monotonic() + (result === 'failed' ? RETRY_MS : LOOK_AGAIN_MS);
  };

  return {
    run: async (now, isLoadedThrough) => {
      if (stopping.signal.aborted) return;
      if (running === null) {
        if (doneFor === dayName(now) || (doneFor === '' && clock.monotonic() < nextTry)) return;
        running = start(now, isLoadedThrough).finally(() => {
          running = null;
        });
      }
      const patience = new AbortController();
      await Promise.race([running, clock.sleep(PATIENCE_MS, patience.signal)]);
      patience.abort();
    },
    noticed: (paths) => {
      if (doneFor === '') return;
      for (const path of paths) {
        if (path.split('/')[1] === doneFor) continue;
        // A late beacon: the day that it belongs to has to be closed once more, soon.
        doneFor = '';
        nextTry = clock.monotonic() + PATIENCE_MS;
        return;
      }
    },
    idle: async () => {
      await running;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

const foldersOf = async (root: string): Promise<string[]> =>
  (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && isFolderName(entry.name))
    .map((entry) => entry.name)
    .toSorted();

/** Days with a folder of hours, set aside or not, oldest first. */
const daysOf = async (folder: string): Promise<string[]> => {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name.replace(CLOSING_SUFFIX, ''));
  return [...new Set(names)]
    .filter((name) => parseDay(name) !== null)
    .toSorted((a, b) => (parseDay(a) ?? 0) - (parseDay(b) ?? 0));
};

const exists = async (folder: string, name: string): Promise<boolean> =>
  (await readdir(folder, { withFileTypes: true })).some(
    (entry) => entry.name === name && entry.isDirectory(),
  );
