import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/**
 * What the writer does to the disk, and nothing else: the seam where fault tests let every single call fail. Every method
 * throws Node's error (`ENOSPC`, `EIO`, …).
 */
export interface JournalFiles {
  makeFolder(path: string): void;
  /** Creates a file that must not exist and opens it for writing. */
  create(path: string): number;
  /** Writes bytes at a position and returns how many were written: it may be fewer, without an error. */
  write(file: number, bytes: Uint8Array, from: number, length: number, position: number): number;
  datasync(file: number): void;
  /** The same in the thread pool; rejects, and never throws. */
  datasyncLater(file: number): Promise<void>;
  truncate(file: number, length: number): void;
  close(file: number): void;
  /** Writes a small file; replaces it when it exists. */
  put(path: string, content: string): void;
  remove(path: string): void;
  /** Makes new and removed names of a folder durable. */
  syncFolder(path: string): void;
  list(path: string): readonly string[];
  /** Length in bytes; -1: there is no such file. */
  size(path: string): number;
  /** Bytes of the disk of a folder: those that may still be written, and all. */
  space(path: string): DiskSpace;
}

/** How full a disk is. */
export interface DiskSpace {
  /** Bytes. */
  readonly free: number;
  readonly total: number;
  /** Files that can still be made, and all; 0 of all: the disk has no such bound. */
  readonly freeFiles: number;
  readonly totalFiles: number;
}

/** The real disk. Files are readable by their owner only. */
export const systemFiles: JournalFiles = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  create: (path) => openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600),
  write: (file, bytes, from, length, position) => writeSync(file, bytes, from, length, position),
  datasync: fdatasyncSync,
  datasyncLater: (file) =>
    new Promise((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
    }),
  truncate: ftruncateSync,
  close: closeSync,
  put: (path, content) => writeFileSync(path, content, { mode: 0o600 }),
  remove: unlinkSync,
  syncFolder: (path) => {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
  list: (path) => readdirSync(path),
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? -1,
  space: (path) => {
    const { bavail, blocks, bsize, ffree, files } = statfsSync(path);
    return { free: bavail * bsize, total: blocks * bsize, freeFiles: ffree, totalFiles: files };
  },
};
