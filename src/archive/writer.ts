import { mkdir, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Clock, errorCode, errorText, type Log, replaceFile } from '#core';
import type { Form } from '#form';
import type { JournalEntry } from '#journal';
import type { Destination } from '#tenants';
import { type ArchivedPositions, archivedPositions } from './archived-positions.ts';
import { createDayCloser, type SetAside } from './close-days.ts';
import type { Compression } from './compression.ts';
import { createLineEncoder } from './encode-line.ts';
import { goBack } from './go-back.ts';
import { createHourFiles, type HourFiles } from './hour-files.ts';
import { HOUR_MS, hourPath, isFolderName, MARKER_FILE } from './layout.ts';
import { type ArchiveMark, ROUND } from './mark.ts';
import { createQueue } from './queue.ts';
import { readRounds } from './round-file.ts';
import { createRoundWriter } from './round-writer.ts';

/** What an archive is opened with. */
export interface ArchiveOptions {
  /** The archive's folder, `<data>/archive`. Made when it is missing. */
  readonly folder: string;
  /** Of daily archives. */
  readonly compression: Compression;
  /** 1 to 19; gzip takes 9 at most. */
  readonly level: number;
  /** Descriptors that stay open between rounds. */
  readonly maxOpenFiles?: number;
}

/** A beacon and the folder that it goes to. */
export interface ArchiveItem {
  readonly entry: JournalEntry;
  readonly folder: Destination;
  /** The parameters as they were sent (body, `&`, query), when they were found already. */
  readonly form?: Form | undefined;
}

/**
 * The backup folders, as the loader writes them: a round is one or several `append` and a `commit`. A round whose mark was not kept is
 * undone by `restore`, so that reading the journal again gives every line once.
 */
export interface Archive {
  /** Adds the lines of these beacons to the round; they are written when many have come together, or by `commit`. When it throws, the whole round was undone and may be tried again. */
  append(items: readonly ArchiveItem[]): Promise<void>;
  /** Ends the round: all of it is on disk. The mark belongs into the checkpoint. Throws as `append` does. */
  commit(): Promise<ArchiveMark>;
  /**
   * At start, before the first `append`: goes back to the state of the last checkpoint's mark (`{}`: it is from before the first round).
   * Without a checkpoint do not call it: lines that are archived already are then looked up, and nothing is removed.
   */
  restore(mark: ArchiveMark): Promise<void>;
  /**
   * The daily job for every day that is over and whose beacons are all archived and in the checkpoint
   * (`isLoadedThrough(instant)`, epoch ms). Cheap when there is nothing to do. Troubles of one folder are logged, never thrown.
   * Resolves when it is done or after half a second, whichever comes first; it then goes on by itself.
   */
  closeDays(now: number, isLoadedThrough: (epochMs: number) => boolean): Promise<void>;
  /** Resolves when no daily job runs. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** After a lost checkpoint, beacons received up to this long after the start may be archived already (clocks jump). */
const RECHECK_MARGIN_MS = 300_000;

/** Opens the archive, with the marker that says whose lines these are. */
export const openArchive = async (
  options: ArchiveOptions,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<Archive> => {
  const root = await prepareFolder(options.folder);
  return createArchive(root, options, deps, createHourFiles(root, options.maxOpenFiles ?? 256));
};

const createArchive = (
  root: string,
  options: ArchiveOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  files: HourFiles,
): Archive => {
  const encode = createLineEncoder();
  const paths = createPathOf();
  const exclusive = createQueue();
  const round = createRoundWriter(root, files);
  /** Set when the checkpoint does not say what is archived: beacons received before this instant are looked up. */
  let recheckUntil = 0;
  const rechecked = new Map<string, ArchivedPositions>();
  let restored = false;
  /** The round failed and could not be undone yet. */
  let failed = false;

  const isArchived = async (path: string, entry: JournalEntry): Promise<boolean> => {
    let positions = rechecked.get(path);
    if (positions === undefined) {
      positions = await archivedPositions(root, path);
      rechecked.set(path, positions);
    }
    return entry.offset <= (positions.get(entry.segment) ?? -1);
  };

  const write = async (items: readonly ArchiveItem[]): Promise<void> => {
    for (const { entry, folder, form } of items) {
      const path = paths(folder, entry.record.receivedAt);
      if (entry.record.receivedAt <= recheckUntil && (await isArchived(path, entry))) continue;
      if (round.add(path, encode(entry, folder, form))) await round.flush();
    }
  };

  const undoing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      log.warn('archive_round_undone', {
        round: round.number,
        err: errorText(error),
        code: errorCode(error),
      });
      failed = true;
      try {
        await round.undo();
        failed = false;
      } catch (trouble) {
        // The next append begins with it.
        log.error('archive_undo_failed', { round: round.number, err: errorText(trouble) });
      }
      throw error;
    }
  };

  const append = async (items: readonly ArchiveItem[]): Promise<void> => {
    if (!restored) await restore(null);
    if (failed) await round.undo();
    failed = false;
    await undoing(() => write(items));
  };

  const commit = async (): Promise<ArchiveMark> => {
    if (!restored) await restore(null);
    if (failed)
      throw new AppError(
        'ARCHIVE_ROUND_BROKEN',
        'ending a round of the archive: it failed and could not be undone yet',
      );
    const mark = await undoing(() => round.finish());
    closer.noticed(round.close());
    return mark;
  };

  const restore = async (mark: ArchiveMark | null): Promise<void> => {
    const state = await goBack(root, files, await readRounds(root), mark, log);
    round.continueAfter(state);
    restored = true;
    if (state.sure) return;
    recheckUntil = clock.now() + RECHECK_MARGIN_MS;
    log.warn('archive_recheck_started', { saved_round: mark?.[ROUND] ?? null, last_round: state.lastNumber });
  };

  /** Between two rounds nothing is open, and the folder of a day may get another name. */
  const setAside: SetAside = (day, rename) =>
    exclusive(async () => {
      if (round.touches(day)) return false;
      await files.closeBelow(day);
      await rename();
      return true;
    });
  const closer = createDayCloser(root, options, setAside, { clock, log });

  return {
    append: (items) => exclusive(() => append(items)),
    commit: () => exclusive(commit),
    restore: (mark) => exclusive(() => restore(mark)),
    closeDays: (now, isLoadedThrough) => closer.run(now, isLoadedThrough),
    idle: () => closer.idle(),
    stop: async () => {
      await closer.stop();
      await exclusive(() => files.close());
    },
  };
};

const prepareFolder = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = await realpath(folder);
  try {
    await (await open(join(root, MARKER_FILE), 'r')).close();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await replaceFile(
      join(root, MARKER_FILE),
      'Backup of beacons, one JSON object a line, written by Rumbrella (format 1). This file tells `rumbrella replay`\n' +
        'that the member "rumbrella" of the lines is genuine: keep it with the copy when the folder is copied.\n',
    );
  }
  return root;
};

/** The relative path of the hourly file of a beacon; the last hour of each folder is remembered. */
const createPathOf = (): ((folder: Destination, receivedAt: number) => string) => {
  const known = new Map<string, { readonly hour: number; readonly path: string }>();
  return (folder, receivedAt) => {
    const hour = Math.floor(receivedAt / HOUR_MS);
    const last = known.get(folder);
    if (last?.hour === hour) return last.path;
    if (!isFolderName(folder))
      throw new AppError(
        'ARCHIVE_BAD_FOLDER',
        `archiving a beacon: found ${JSON.stringify(folder)}, expected the name of a folder`,
      );
    const path = hourPath(folder, receivedAt);
    known.set(folder, { hour, path });
    return path;
  };
};
