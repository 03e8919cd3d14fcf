import type { FileHandle } from 'node:fs/promises';
import type { Damage } from './damage.ts';
import { checksumSeed, FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './format.ts';
import { createFrameWalk, type FrameWalk } from './frame-walk.ts';
import type { JournalEntry, JournalRecord } from './record.ts';
import { FRESH_MEMORY, type ReadMemory } from './read-memory.ts';
import { decodeRecord } from './record-codec.ts';

/** Which part of a segment is read. */
export interface ScanRequest {
  readonly segment: string;
  /** First byte that is read: the beginning of a frame. */
  readonly from: number;
  /** Length of the segment. */
  readonly size: number;
  /** Nothing will be appended any more: what is incomplete now stays so. */
  readonly final: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What was found, and where the next scan begins. */
export interface ScanResult {
  readonly entries: readonly JournalEntry[];
  readonly damages: readonly Damage[];
  readonly next: number;
}

/** Reads records from one segment. Damage is passed over to the next valid frame; without one, it is the torn tail. */
export const scanSegment = async (
  file: FileHandle,
  request: ScanRequest,
  memory: ReadMemory = FRESH_MEMORY,
): Promise<ScanResult> => {
  const { segment, size, maxEntries, maxBytes } = request;
  const walk = createFrameWalk(file, size, checksumSeed(segment), memory);
  const entries: JournalEntry[] = [];
  const damages: Damage[] = [];
  let places: ReadonlyMap<number, number> | null = null;
  let next = request.from;
  while (next < size && entries.length < maxEntries && next - request.from < maxBytes) {
    const found = await walk.frameAt(next);
    if (found.kind !== 'frame') {
      const place = await walk.findFrame(next + 1);
      if (place === null && !request.final) break;
      const end = place ?? size;
      damages.push({ kind: place === null ? 'torn' : 'corrupt', segment, offset: next, bytes: end - next });
      next = end;
      continue;
    }
    const bytes = FRAME_HEADER_BYTES + found.payloadBytes;
    if (found.offset !== next && places === null) {
      places = await indexFrames(createFrameWalk(file, size, checksumSeed(segment), FRESH_MEMORY), size);
    }
    if (places !== null && places.get(found.offset) !== next)
      damages.push({ kind: 'copy', segment, offset: next, bytes });
    else {
      const at = walk.index(next);
      const record = tryDecode(walk.bytes(), at + FRAME_HEADER_BYTES, at + bytes);
      if (record === null) damages.push({ kind: 'unreadable', segment, offset: next, bytes });
      else entries.push({ segment, offset: found.offset, end: next + bytes, record });
    }
    next += bytes;
  }
  return { entries, damages, next };
};

/**
 * For a segment with frames that are not in their place: where each offset's frame is to be taken from, which is its own place
 * when it stands there and the first copy otherwise. So a record counts once, wherever a scan begins.
 */
const indexFrames = async (walk: FrameWalk, size: number): Promise<ReadonlyMap<number, number>> => {
  const places = new Map<number, number>();
  for (let place: number | null = SEGMENT_HEADER_BYTES; place !== null && place < size; ) {
    const found = await walk.frameAt(place);
    if (found.kind !== 'frame') {
      place = await walk.findFrame(place + 1);
      continue;
    }
    if (found.offset === place || !places.has(found.offset)) places.set(found.offset, place);
    place += FRAME_HEADER_BYTES + found.payloadBytes;
  }
  return places;
};

const tryDecode = (bytes: Buffer, at: number, end: number): JournalRecord | null => {
  try {
    return decodeRecord(bytes, at, end);
  } catch {
    return null;
  }
};
