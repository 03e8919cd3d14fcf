import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, errorCode, syncFolder } from '#core';
import { inParallel } from './in-parallel.ts';

/** The hourly files below one folder, by relative path. Keeps a bounded number of descriptors open. */
export interface HourFiles {
  /** Length in bytes; 0: there is none yet. */
  lengthOf(path: string): Promise<number>;
  /** Appends and returns the length after it. Not yet synced. */
  append(path: string, bytes: Uint8Array): Promise<number>;
  /** Everything appended is on disk, folder entries included. */
  sync(): Promise<void>;
  /** Cuts a file back to a length, durably; to 0: removes it. A missing file is left missing. Returns the length it had. */
  cut(path: string, length: number): Promise<number>;
  /** Closes the descriptors of files below this folder, because it is about to be renamed. */
  closeBelow(folder: string): Promise<void>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  length: number;
  /** Has bytes that are not synced. */
  dirty: boolean;
  /** Is written to now, and may not be closed. */
  busy: boolean;
}

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;

/** How many files are synced at the same time. */
const PARALLEL_SYNCS = 8;

/** Creates the files below `root`, which must exist. `maxOpen`: descriptors that stay open between rounds. */
export const createHourFiles = (root: string, maxOpen: number): HourFiles => {
  const files = new Map<string, OpenFile>();
  /** Closed files with bytes that are not synced. */
  const unsynced = new Set<string>();
  const newEntries = new Set<string>();

  /** The file, open and busy. */
  const take = async (path: string): Promise<OpenFile> => {
    const known = files.get(path);
    if (known !== undefined) {
      known.busy = true;
      // Last used last: the first of the map is the one to close.
      files.delete(path);
      files.set(path, known);
      return known;
    }
    const opened = await openHour(root, path, newEntries);
    files.set(path, opened);
    while (files.size > maxOpen) {
      const idle = files.values().find((file) => !file.busy);
      if (idle === undefined) break;
      await drop(idle);
    }
    return opened;
  };

  /** The bytes need no descriptor to be synced later. */
  const drop = async (file: OpenFile): Promise<void> => {
    files.delete(file.path);
    if (file.dirty) unsynced.add(file.path);
    await file.handle.close();
  };

  return {
    lengthOf: async (path) => files.get(path)?.length ?? (await lengthOnDisk(join(root, path))),
    append: async (path, bytes) => {
      const file = await take(path);
      file.dirty = true;
      try {
        for (let written = 0; written < bytes.length; ) {
          const { bytesWritten } = await file.handle.write(bytes, written);
          written += bytesWritten;
          file.length += bytesWritten;
        }
      } finally {
        file.busy = false;
      }
      return file.length;
    },
    sync: async () => {
      const dirty = [...files.values()].filter((file) => file.dirty);
      await inParallel(dirty, PARALLEL_SYNCS, async (file) => {
        await file.handle.datasync();
        file.dirty = false;
      });
      await inParallel([...unsynced], PARALLEL_SYNCS, async (path) => {
        const handle = await open(join(root, path), FLAGS);
        try {
          await handle.datasync();
        } finally {
          await handle.close();
        }
        unsynced.delete(path);
      });
      const folders = [...newEntries];
      await inParallel(folders, PARALLEL_SYNCS, async (folder) => {
        await syncFolder(folder);
        newEntries.delete(folder);
      });
    },
    cut: async (path, length) => {
      const known = files.get(path);
      if (known !== undefined) {
        files.delete(path);
        await known.handle.close();
      }
      unsynced.delete(path);
      const place = join(root, path);
      const before = await lengthOnDisk(place);
      if (before <= length) return before;
      if (length === 0) await unlink(place);
      else await truncateDurably(place, length);
      if (length === 0) await syncFolder(dirname(place));
      return before;
    },
    closeBelow: async (folder) => {
      for (const file of files.values()) if (file.path.startsWith(`${folder}/`)) await drop(file);
    },
    close: async () => {
      for (const file of files.values()) await drop(file);
    },
  };
};

const openHour = async (root: string, path: string, newEntries: Set<string>): Promise<OpenFile> => {
  const place = join(root, path);
  const dayFolder = dirname(place);
  const tenantFolder = dirname(dayFolder);
  await ensureFolder(tenantFolder, newEntries);
  await ensureFolder(dayFolder, newEntries);
  let handle: FileHandle;
  try {
    handle = await open(place, FLAGS);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw refusal(place, error);
    handle = await open(place, FLAGS | constants.O_CREAT | constants.O_EXCL, 0o600);
    newEntries.add(dayFolder);
  }
  const { size } = await handle.stat();
  return { path, handle, length: size, dirty: false, busy: true };
};

const ensureFolder = async (path: string, newEntries: Set<string>): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 });
    newEntries.add(dirname(path));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const found = await lstat(path);
    if (!found.isDirectory()) throw refusal(path);
  }
};

const refusal = (path: string, cause?: unknown): unknown =>
  cause === undefined || errorCode(cause) === 'ELOOP'
    ? new AppError(
        'ARCHIVE_FOREIGN_PATH',
        `opening ${path} in the archive: found a link or a file of another kind`,
        {
          hint: 'links are not followed below the archive folder; put the real folder or file there',
          cause,
        },
      )
    : cause;

const lengthOnDisk = async (place: string): Promise<number> => {
  try {
    const found = await lstat(place);
    return found.isFile() ? found.size : 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
};

const truncateDurably = async (place: string, length: number): Promise<void> => {
  const handle = await open(place, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    await handle.truncate(length);
    await handle.datasync();
  } finally {
    await handle.close();
  }
};
