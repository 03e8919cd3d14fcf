import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '#core';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES, type SegmentHeader } from './format.ts';
import { ABANDONED_AFTER_MS, isAlive, parseOwner } from './owner.ts';
import { sealFile, segmentFile, segmentOfFile } from './segment-name.ts';
import { writerFile } from './writer-file.ts';

/** A segment as it is now. */
export interface SegmentState {
  readonly segment: string;
  readonly path: string;
  /** Length up to which it counts. */
  readonly bytes: number;
  /** Nothing will be appended to it any more. */
  readonly sealed: boolean;
  /** Time of the last change, epoch ms. */
  readonly changedAt: number;
  /** Null: damaged, or not written yet. */
  readonly header: SegmentHeader | null;
}

/** Looks at the segments of a folder; remembers what cannot change. */
export interface SegmentStates {
  /** All segments, oldest first. A folder that does not exist has none. */
  list(): Promise<readonly SegmentState[]>;
  /** Does the process that writes (or wrote) with this id still do so? */
  isWriterAlive(writer: string): Promise<boolean>;
}

/** Creates it. `now`: wall clock of this machine, epoch ms (compared with the times of files). */
export const createSegmentStates = (folder: string, now: () => number): SegmentStates => {
  const headers = new Map<string, SegmentHeader>();
  const sealedLengths = new Map<string, number>();
  /** Segments that their writer has left for a newer one. A backlog has hundreds, and asking for each at every read costs more than the read. */
  const left = new Map<string, SegmentState>();

  const list = async (): Promise<readonly SegmentState[]> => {
    const names = new Set(await namesIn(folder));
    const ids = [...names]
      .map(segmentOfFile)
      .filter((id) => id !== null)
      .toSorted();
    for (const known of [headers, sealedLengths, left]) forgetOthers(known, ids);
    for (const id of ids) await readHeaderOnce(id);
    const newest = new Map(ids.map((id) => [headers.get(id)?.writer, id]));
    const living = await livingWriters([...newest.keys()]);
    const states = await Promise.all(
      ids.map(async (id) => {
        const writer = headers.get(id)?.writer;
        const isCut = names.has(sealFile(id));
        const known = left.get(id);
        if (known !== undefined && !isCut) return known;
        const isLeft = writer !== undefined && newest.get(writer) !== id;
        // Whether it is alive was found out before the length is read: a length that is read after the death is the last one.
        const isOpen = writer !== undefined && !isLeft && living.has(writer);
        const state = await stateOf(id, isOpen, isCut);
        if (state !== null && isLeft && !isCut) left.set(id, state);
        return state;
      }),
    );
    return states.filter((state) => state !== null);
  };

  const readHeaderOnce = async (id: string): Promise<void> => {
    if (headers.has(id)) return;
    const bytes = await readStart(join(folder, segmentFile(id)));
    const header = bytes === null ? null : decodeSegmentHeader(bytes);
    if (header !== null) headers.set(id, header);
  };

  const livingWriters = async (writers: readonly (string | undefined)[]): Promise<Set<string>> => {
    const alive = await Promise.all(
      writers.map(async (writer) => (writer !== undefined && (await isWriterAlive(writer)) ? writer : null)),
    );
    return new Set(alive.filter((writer) => writer !== null));
  };

  const isWriterAlive = async (writer: string): Promise<boolean> => {
    const path = join(folder, writerFile(writer));
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
      const owner = parseOwner(text);
      const touchedMsAgo = now() - mtimeMs;
      return owner === null ? touchedMsAgo < ABANDONED_AFTER_MS : isAlive(owner, touchedMsAgo);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  };

  const stateOf = async (id: string, isOpen: boolean, isCut: boolean): Promise<SegmentState | null> => {
    const path = join(folder, segmentFile(id));
    const header = headers.get(id) ?? null;
    try {
      const { size, mtimeMs } = await stat(path);
      // Without a header nobody can be asked: a young file may get one in a moment.
      const isYoung = header === null && now() - mtimeMs < ABANDONED_AFTER_MS;
      const sealed = isCut || !(isOpen || isYoung);
      const bytes = isCut ? Math.min(size, await sealedLength(id)) : size;
      return { segment: id, path, bytes, sealed, changedAt: mtimeMs, header };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  };

  const sealedLength = async (id: string): Promise<number> => {
    const known = sealedLengths.get(id);
    if (known !== undefined) return known;
    const text = await readFile(join(folder, sealFile(id)), 'utf8').catch(() => '');
    const length = /^\d{1,12}\n$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
    sealedLengths.set(id, length);
    return length;
  };

  return { list, isWriterAlive };
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};

const forgetOthers = (known: Map<string, unknown>, ids: readonly string[]): void => {
  const existing = new Set(ids);
  for (const id of known.keys()) if (!existing.has(id)) known.delete(id);
};

const readStart = async (path: string): Promise<Buffer | null> => {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};
