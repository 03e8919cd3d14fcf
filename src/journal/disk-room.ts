import type { DiskSpace, JournalFiles } from './files.ts';
import type { Reserve } from './writer-contract.ts';

/** What the journal leaves of its disk to those who empty it. */
export interface DiskRoom {
  /** Asks the disk. Throws Node's error. */
  look(): void;
  /** Why `grown` bytes, appended since the last look, were too many; null: they were not. */
  trouble(grown: number): string | null;
  /** Why no further file may be made; null: it may. Asks the disk; throws Node's error. */
  troubleWithFiles(): string | null;
  /** Free bytes at the last look; null: there was none. */
  free(): number | null;
}

const AUTO_SHARE = 0.05;
const AUTO_BYTES = 1024 ** 3;

/** Bytes that are reserved on a disk of `total` bytes. */
export const reservedBytes = (reserve: Reserve, total: number): number =>
  reserve === 'auto' ? Math.min(AUTO_BYTES, Math.floor(total * AUTO_SHARE)) : reserve;

/** With less free than so many reserves a disk is nearly full: nothing is kept in the journal that is loaded. */
export const LOW_RESERVES = 2;

const FILES_SHARE = 0.05;
const FILES = 1_000;

/** Files that are reserved on a disk on which `total` can be. */
export const reservedFiles = (total: number): number => Math.min(FILES, Math.floor(total * FILES_SHARE));

/** Creates it. A disk that cannot be asked has room: the writes themselves will tell. */
export const createDiskRoom = (
  files: Pick<JournalFiles, 'space'>,
  folder: string,
  reserve: Reserve,
): DiskRoom => {
  let space: DiskSpace | null = null;
  return {
    look: () => {
      space = null;
      space = files.space(folder);
    },
    trouble: (grown) => {
      if (space === null) return null;
      const kept = reservedBytes(reserve, space.total);
      if (kept === 0 || space.free - grown >= kept) return null;
      return `the disk has less than ${kept} bytes left (journal.reserve_bytes)`;
    },
    troubleWithFiles: () => {
      if (reserve === 0) return null;
      const { freeFiles, totalFiles } = files.space(folder);
      const kept = reservedFiles(totalFiles);
      return totalFiles === 0 || freeFiles >= kept
        ? null
        : `the disk has room for less than ${kept} files (journal.reserve_bytes)`;
    },
    free: () => space?.free ?? null,
  };
};
