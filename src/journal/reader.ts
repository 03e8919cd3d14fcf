import { createWriteStream } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, errorCode, type Log, syncFolder } from '#core';
import type { Damage } from './damage.ts';
import { SEGMENT_HEADER_BYTES } from './format.ts';
import type { Cursor, JournalEntry } from './record.ts';
import { FRESH_MEMORY, type ReadMemory } from './read-memory.ts';
import { sealFile } from './segment-name.ts';
import { scanSegment } from './segment-scan.ts';
import { writerFile } from './writer-file.ts';
import { createSegmentStates, type SegmentState } from './segment-state.ts';

/** How a reader is opened. */
export interface JournalReaderOptions {
  readonly folder: string;
  readonly log: Log;
  /** Wall clock, epoch ms; it is compared with the times of files. Default: the real one. */
  readonly now?: () => number;
}

/** How much one call reads at most; one record is read even if it is larger. */
export interface ReadLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What one call found. */
export interface JournalRange {
  /** Oldest segment first; in the order of their places within a segment. */
  readonly entries: readonly JournalEntry[];
  /** Where the next call begins; names every segment that still exists. */
  readonly cursor: Cursor;
  /** What was passed over on the way. */
  readonly damages: readonly Damage[];
}

/** A segment on disk. */
export interface SegmentFacts {
  /** 16 lower-case hex digits. */
  readonly segment: string;
  readonly path: string;
  readonly bytes: number;
  /** No further record will be appended to it. */
  readonly sealed: boolean;
  /** Time of the last change, epoch ms. */
  readonly changedAt: number;
}

/** Reads the segments of all writers of a folder, also while they are written by other processes. */
export interface JournalReader {
  /**
   * Reads on after `cursor`; a segment that it does not name is read from its beginning. The incomplete end of a segment
   * that is still written is not there yet; that of a sealed one is reported as torn, once per pass. With `memory` the records are
   * valid until the next read with the same.
   */
  read(cursor: Cursor, limits: ReadLimits, memory?: ReadMemory): Promise<JournalRange>;
  /** All segments, oldest first. */
  segments(): Promise<readonly SegmentFacts[]>;
  /** Deletes a sealed segment. One that does not exist is fine; a live one is refused (`JOURNAL_SEGMENT_LIVE`). */
  remove(segment: string): Promise<void>;
  /** Bytes after `cursor`. */
  pendingBytes(cursor: Cursor): Promise<number>;
  /** Copies damaged bytes to `<segment>-<offset>.torn` beside the segment, for people; returns the path. */
  keepDamage(damage: Damage): Promise<string>;
}

/** Opens a reader. It holds no file open between calls. */
export const openJournalReader = (options: JournalReaderOptions): JournalReader => {
  const { folder } = options;
  const log = options.log.child('journal');
  const states = createSegmentStates(folder, options.now ?? Date.now);

  const read = async (
    cursor: Cursor,
    limits: ReadLimits,
    memory: ReadMemory = FRESH_MEMORY,
  ): Promise<JournalRange> => {
    memory.reset();
    const entries: JournalEntry[] = [];
    const damages: Damage[] = [];
    const next: Record<string, number> = {};
    let bytesLeft = limits.maxBytes;
    for (const state of await states.list()) {
      const from = Math.max(SEGMENT_HEADER_BYTES, cursor[state.segment] ?? 0);
      next[state.segment] = from;
      const entriesLeft = limits.maxEntries - entries.length;
      if (entriesLeft <= 0 || bytesLeft <= 0 || from >= state.bytes) continue;
      if (isMisnamed(state)) {
        damages.push({ kind: 'misnamed', segment: state.segment, offset: from, bytes: state.bytes - from });
        next[state.segment] = state.bytes;
        continue;
      }
      const found = await scan(state, from, entriesLeft, bytesLeft, memory);
      if (found === null) {
        delete next[state.segment];
        continue;
      }
      for (const entry of found.entries) entries.push(entry);
      damages.push(...found.damages);
      next[state.segment] = found.next;
      bytesLeft -= found.next - from;
    }
    for (const damage of damages) log.warn('journal_damage_found', { ...damage });
    return { entries, cursor: next, damages };
  };

  const scan = async (
    state: SegmentState,
    from: number,
    maxEntries: number,
    maxBytes: number,
    memory: ReadMemory,
  ) => {
    const file = await openSegment(state);
    if (file === null) return null;
    try {
      const { segment, bytes, sealed } = state;
      const request = { segment, from, size: bytes, final: sealed, maxEntries, maxBytes };
      return await scanSegment(file, request, memory);
    } finally {
      await file.close();
    }
  };

  const remove = async (segment: string): Promise<void> => {
    const state = (await states.list()).find((other) => other.segment === segment);
    if (state === undefined) return;
    if (!state.sealed)
      throw new AppError('JOURNAL_SEGMENT_LIVE', `removing segment ${segment}, found it still written`);
    await unlinkIfThere(state.path);
    await unlinkIfThere(join(folder, sealFile(segment)));
    if (state.header !== null) await forgetWriter(state.header.writer);
    await syncFolder(folder);
  };

  /** A killed writer leaves its file behind; it is of no use once its last segment is gone. */
  const forgetWriter = async (writer: string): Promise<void> => {
    if ((await states.list()).some((state) => state.header?.writer === writer)) return;
    if (!(await states.isWriterAlive(writer))) await unlinkIfThere(join(folder, writerFile(writer)));
  };

  const keepDamage = async (damage: Damage): Promise<string> => {
    const path = join(folder, `${damage.segment}-${damage.offset}.torn`);
    const state = (await states.list()).find((other) => other.segment === damage.segment);
    const file = state === undefined ? null : await openSegment(state);
    if (file === null)
      throw new AppError('JOURNAL_SEGMENT_GONE', `keeping damage, found no segment ${damage.segment}`);
    try {
      const end = damage.offset + damage.bytes - 1;
      // As a stream: what is damaged may be a whole segment.
      const bytes = file.createReadStream({ start: damage.offset, end, autoClose: false });
      await pipeline(bytes, createWriteStream(path, { mode: 0o600, flush: true }));
    } finally {
      await file.close();
    }
    return path;
  };

  return {
    read,
    remove,
    keepDamage,
    segments: async () =>
      (await states.list()).map(({ segment, path, bytes, sealed, changedAt }) => ({
        segment,
        path,
        bytes,
        sealed,
        changedAt,
      })),
    pendingBytes: async (cursor) =>
      (await states.list()).reduce(
        (sum, { segment, bytes }) =>
          sum + Math.max(0, bytes - Math.max(SEGMENT_HEADER_BYTES, cursor[segment] ?? 0)),
        0,
      ),
  };
};

/** A copy of a segment under another name would give its records a second identity. */
const isMisnamed = ({ header, segment }: SegmentState): boolean =>
  header !== null && header.segment !== segment;

const openSegment = async ({ path }: SegmentState) => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};

const unlinkIfThere = async (path: string): Promise<void> => {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
};
