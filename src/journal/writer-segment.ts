import { join } from 'node:path';
import { checksumSeed, encodeSegmentHeader, SEGMENT_HEADER_BYTES } from './format.ts';
import type { JournalFiles } from './files.ts';
import { nextSegmentId, sealFile, segmentFile, segmentOfFile } from './segment-name.ts';

/** The segment that a writer appends to. */
export interface WriterSegment {
  readonly id: string;
  readonly seed: number;
  readonly path: string;
  /** File descriptor; -1 after it was closed. */
  file: number;
  /** Bytes that are written and, by policy, synced: what readers may rely on. */
  length: number;
  /** Bytes including the groups that are still being committed: where the next group goes. */
  planned: number;
  /** Monotonic ms. */
  readonly openedAt: number;
  /** False after a failure: never written again. */
  usable: boolean;
}

/** What a new segment is made with. */
export interface SegmentRequest {
  readonly folder: string;
  readonly writer: string;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** Monotonic ms. */
  readonly monotonic: number;
  /** Ids at or below this one are not used. */
  readonly after: string;
}

/** Creates a segment exclusively, with its header and its name on disk. Leaves nothing behind when it fails. */
export const createSegment = (files: JournalFiles, request: SegmentRequest): WriterSegment => {
  const { folder, writer, now } = request;
  const newest = files.list(folder).reduce((most, name) => {
    const segment = segmentOfFile(name) ?? '';
    return segment > most ? segment : most;
  }, request.after);
  const id = nextSegmentId(now, newest);
  const path = join(folder, segmentFile(id));
  const file = files.create(path);
  try {
    const header = encodeSegmentHeader({ segment: id, createdAt: now, writer, pid: process.pid });
    writeAll(files, file, header, header.length, 0);
    files.datasync(file);
    files.syncFolder(folder);
  } catch (error) {
    attempt(() => files.close(file));
    attempt(() => files.remove(path));
    throw error;
  }
  return {
    id,
    seed: checksumSeed(id),
    path,
    file,
    length: SEGMENT_HEADER_BYTES,
    planned: SEGMENT_HEADER_BYTES,
    openedAt: request.monotonic,
    usable: true,
  };
};

/** Writes until everything is written: a short write is no error by itself, the next one tells why. */
export const writeAll = (
  files: JournalFiles,
  file: number,
  bytes: Uint8Array,
  length: number,
  position: number,
): void => {
  for (let done = 0; done < length; ) {
    const written = files.write(file, bytes, done, length - done, position + done);
    if (written <= 0) throw new Error(`wrote ${written} of ${length - done} bytes`);
    done += written;
  }
};

/**
 * Ends a segment after a failed write or sync: cuts it at its last good byte, or says in a file beside it where that is, and
 * closes it. A segment without any record is removed. Nothing here can fail: what does not work is left to the readers.
 */
export const abandonSegment = (files: JournalFiles, folder: string, segment: WriterSegment): void => {
  segment.usable = false;
  if (segment.file === -1) return;
  const file = segment.file;
  segment.file = -1;
  if (segment.length === SEGMENT_HEADER_BYTES && attempt(() => files.remove(segment.path))) {
    attempt(() => files.close(file));
    return;
  }
  if (!attempt(() => files.truncate(file, segment.length)))
    attempt(() => files.put(join(folder, sealFile(segment.id)), `${segment.length}\n`));
  attempt(() => files.close(file));
};

/** Runs a step of tidying up; false: it failed, and that is all that can be said about it. */
const attempt = (step: () => void): boolean => {
  try {
    step();
    return true;
  } catch {
    return false;
  }
};
