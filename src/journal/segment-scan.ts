import type { FileHandle } from 'node:fs/promises';
import type { Damage } from './damage.ts';
import { checksumSeed, FRAME_HEADER_BYTES, FRAME_MAGIC, readFrame } from './format.ts';
import type { JournalEntry, JournalRecord } from './record.ts';
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

const CHUNK_BYTES = 1024 * 1024;

/** Reads records from one segment. Damage is passed over to the next valid frame; without one, it is the torn tail. */
export const scanSegment = async (file: FileHandle, request: ScanRequest): Promise<ScanResult> => {
  const { segment, size, maxEntries, maxBytes } = request;
  const seed = checksumSeed(segment);
  const entries: JournalEntry[] = [];
  const damages: Damage[] = [];
  let next = request.from;
  let window: Window = { bytes: Buffer.alloc(0), from: next };
  while (next < size && entries.length < maxEntries && next - request.from < maxBytes) {
    let found = readFrame(window.bytes, next - window.from, window.bytes.length, seed);
    if (found.kind === 'short' || (found.kind === 'none' && next === window.from + window.bytes.length)) {
      const need = found.kind === 'short' ? found.need : FRAME_HEADER_BYTES;
      window = await readWindow(file, next, Math.min(size, next + Math.max(need, CHUNK_BYTES)));
      found = readFrame(window.bytes, 0, window.bytes.length, seed);
    }
    if (found.kind !== 'frame') {
      const place = await findFrame(file, next + 1, size, seed);
      if (place === null && !request.final) break;
      const end = place ?? size;
      damages.push({ kind: place === null ? 'torn' : 'corrupt', segment, offset: next, bytes: end - next });
      next = end;
      continue;
    }
    const bytes = FRAME_HEADER_BYTES + found.payloadBytes;
    const at = next - window.from;
    if (found.offset !== next && (await standsInPlace(file, found.offset, size, seed)))
      damages.push({ kind: 'copy', segment, offset: next, bytes });
    else {
      const record = tryDecode(window.bytes, at + FRAME_HEADER_BYTES, at + bytes);
      if (record === null) damages.push({ kind: 'unreadable', segment, offset: next, bytes });
      else entries.push({ segment, offset: found.offset, end: next + bytes, record });
    }
    next += bytes;
  }
  return { entries, damages, next };
};

interface Window {
  readonly bytes: Buffer;
  /** Place of its first byte in the segment. */
  readonly from: number;
}

/** A fresh buffer each time: the bodies of the records that are handed out stay views of it. */
const readWindow = async (file: FileHandle, from: number, to: number): Promise<Window> => {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { bytes: bytes.subarray(0, filled), from };
};

/** The first valid frame that begins at or after `from`; null: there is none. */
const findFrame = async (
  file: FileHandle,
  from: number,
  size: number,
  seed: number,
): Promise<number | null> => {
  let start = from;
  while (start < size) {
    const window = await readWindow(file, start, Math.min(size, start + CHUNK_BYTES));
    let at = window.bytes.indexOf(FRAME_MAGIC);
    for (; at !== -1; at = window.bytes.indexOf(FRAME_MAGIC, at + 1)) {
      const found = readFrame(window.bytes, at, window.bytes.length, seed);
      if (found.kind === 'frame') return start + at;
      if (found.kind === 'short' && (await isFrame(file, start + at, start + at + found.need, size, seed)))
        return start + at;
    }
    if (window.bytes.length < CHUNK_BYTES) return null;
    // A magic may lie across the border of two windows.
    start += window.bytes.length - (FRAME_MAGIC.length - 1);
  }
  return null;
};

const isFrame = async (
  file: FileHandle,
  from: number,
  to: number,
  size: number,
  seed: number,
): Promise<boolean> => {
  if (to > size) return false;
  const { bytes } = await readWindow(file, from, to);
  const found = readFrame(bytes, 0, bytes.length, seed);
  return (
    found.kind === 'frame' || (found.kind === 'short' && isFrame(file, from, from + found.need, size, seed))
  );
};

/** Does the frame that carries this offset really stand there? Then another one with the same offset is a copy. */
const standsInPlace = async (
  file: FileHandle,
  offset: number,
  size: number,
  seed: number,
): Promise<boolean> => {
  const { bytes } = await readWindow(file, offset, Math.min(size, offset + FRAME_HEADER_BYTES));
  let found = readFrame(bytes, 0, bytes.length, seed);
  if (found.kind === 'short' && offset + found.need <= size) {
    const whole = await readWindow(file, offset, offset + found.need);
    found = readFrame(whole.bytes, 0, whole.bytes.length, seed);
  }
  return found.kind === 'frame' && found.offset === offset;
};

const tryDecode = (bytes: Buffer, at: number, end: number): JournalRecord | null => {
  try {
    return decodeRecord(bytes, at, end);
  } catch {
    return null;
  }
};
