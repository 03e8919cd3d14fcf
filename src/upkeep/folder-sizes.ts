import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Running } from '#core';
import type { ArchiveFolder } from '#modules';

/** Sizes of the folders of an archive. Looking takes as long as there are files, so it goes on aside and is remembered. */
export interface FolderSizes extends Running {
  /** What was found last, and when (ISO); waits a moment for the first look. */
  look(): Promise<{ readonly at: string | null; readonly folders: readonly ArchiveFolder[] }>;
}

const LOOK_EVERY_MS = 60_000;
const PATIENCE_MS = 1_000;

/** Creates the sizes of the folders in `archive`; nothing is read before somebody asks. */
export const createFolderSizes = (archive: string, clock: Clock): FolderSizes => {
  const stopping = new AbortController();
  let found: { readonly at: string | null; readonly folders: readonly ArchiveFolder[] } = {
    at: null,
    folders: [],
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  const lookNow = async (): Promise<void> => {
    const folders: ArchiveFolder[] = [];
    for (const name of await foldersIn(archive)) {
      const { bytes, files } = await sizeOf(join(archive, name), stopping.signal);
      if (stopping.signal.aborted) return;
      folders.push({ folder: name, bytes, files });
    }
    found = {
      at: new Date(clock.now()).toISOString(),
      folders: folders.toSorted((a, b) => b.bytes - a.bytes),
    };
    lookedAt = clock.monotonic();
  };

  return {
    look: async () => {
      if (clock.monotonic() - lookedAt > LOOK_EVERY_MS)
        looking ??= lookNow().finally(() => {
          looking = undefined;
        });
      if (found.at === null && looking !== undefined) {
        const patience = new AbortController();
        await Promise.race([looking, clock.sleep(PATIENCE_MS, patience.signal)]);
        patience.abort();
      }
      return found;
    },
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
};

/** Bytes and number of the files below a folder; what goes away meanwhile is not counted. */
export const sizeOf = async (
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly files: number }> => {
  let [bytes, files] = [0, 0];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && !signal.aborted; next = waiting.pop()) {
    const place = next;
    for (const entry of await readdir(place, { withFileTypes: true }).catch(() => [])) {
      const path = join(place, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) {
        files += 1;
        bytes += await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
      }
    }
  }
  return { bytes, files };
};

const foldersIn = async (archive: string): Promise<readonly string[]> => {
  const entries = await readdir(archive, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};
