import type { FileHandle } from 'node:fs/promises';
import { FRAME_HEADER_BYTES, FRAME_MAGIC, type FrameFound, readFrame } from './format.ts';
import { FRESH_MEMORY, type ReadMemory } from './read-memory.ts';

/** Looks at the frames of one segment through a window of its bytes. */
export interface FrameWalk {
  /** What stands at this place; `short` can only mean that the segment ends first. */
  frameAt(place: number): Promise<FrameFound>;
  /** The first valid frame that begins at or after `place`; null: there is none. */
  findFrame(place: number): Promise<number | null>;
  /** Bytes that were looked at last; a frame that `frameAt` has just found lies in them as a whole. */
  bytes(): Buffer;
  /** Where a place of the segment lies in `bytes`. */
  index(place: number): number;
}

const WINDOW_BYTES = 1024 * 1024;

/** Creates a walk over the first `size` bytes of a segment. `seed`: of its checksums. The bodies of records that are handed out stay views of `memory`. */
export const createFrameWalk = (
  file: FileHandle,
  size: number,
  seed: number,
  memory: ReadMemory,
): FrameWalk => {
  let window: Buffer = Buffer.alloc(0);
  let from = 0;

  const load = async (place: number, need: number): Promise<void> => {
    window = await readBytes(file, place, Math.min(size, place + Math.max(need, WINDOW_BYTES)), memory);
    from = place;
  };

  const frameAt = async (place: number): Promise<FrameFound> => {
    const end = from + window.length;
    if (place < from || place + FRAME_HEADER_BYTES > end) await load(place, FRAME_HEADER_BYTES);
    const found = readFrame(window, place - from, window.length, seed);
    if (found.kind !== 'short' || from + window.length >= size) return found;
    await load(place, found.need);
    return readFrame(window, 0, window.length, seed);
  };

  const findFrame = async (place: number): Promise<number | null> => {
    for (let start = place; start < size; ) {
      const part = await readBytes(file, start, Math.min(size, start + WINDOW_BYTES), FRESH_MEMORY);
      for (let at = part.indexOf(FRAME_MAGIC); at !== -1; at = part.indexOf(FRAME_MAGIC, at + 1))
        if ((await frameAt(start + at)).kind === 'frame') return start + at;
      if (start + part.length >= size || part.length === 0) return null;
      // A magic may lie across the border of two parts.
      start += part.length - (FRAME_MAGIC.length - 1);
    }
    return null;
  };

  return { frameAt, findFrame, bytes: () => window, index: (place) => place - from };
};

const readBytes = async (file: FileHandle, from: number, to: number, memory: ReadMemory): Promise<Buffer> => {
  const bytes = memory.take(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
};
