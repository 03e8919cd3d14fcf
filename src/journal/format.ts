/**
 * The journal's format, version 1 (little endian throughout). Described for operators in `docs/reference/journal-format.md`.
 *
 *     segment file  <id>.journal = segment header, then frames one after the other
 *     segment header  64 bytes
 *        0  8  "RMBJRN01"
 *        8  8  segment id
 *       16  8  created at, epoch ms (float64)
 *       24 16  writer id: random, one per opened writer
 *       40  4  process id of the writer, for people
 *       44 16  zero
 *       60  4  CRC-32 of the 60 bytes before it
 *     frame  16 bytes, then the payload (see `record-codec.ts`)
 *        0  4  magic F5 52 4A F6 (F5 and F6 occur in no UTF-8 text)
 *        4  4  CRC-32, seeded with the segment id, of everything that follows in the frame
 *        8  4  length of the payload
 *       12  4  offset of this frame in its segment
 *
 * A frame carries its own offset and its checksum is seeded with the id of its segment, so a block that the disk brought to
 * the wrong place, and old blocks of another segment, are told from records.
 */
import { crc32 } from 'node:zlib';

/** First bytes of a segment. */
export const SEGMENT_MAGIC = Buffer.from('RMBJRN01', 'latin1');
/** Bytes before the first frame. */
export const SEGMENT_HEADER_BYTES = 64;
/** First bytes of a frame. */
export const FRAME_MAGIC = Buffer.from([0xf5, 0x52, 0x4a, 0xf6]);
const FRAME_MAGIC_NUMBER = FRAME_MAGIC.readUInt32LE(0);
/** Bytes of a frame before its payload. */
export const FRAME_HEADER_BYTES = 16;
/** Longest payload. A length above it is damage. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
/** Longest segment: offsets are 32 bits wide. */
export const MAX_SEGMENT_BYTES = 2 ** 31;

/** What the header of a segment says. */
export interface SegmentHeader {
  readonly segment: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** 32 hex digits. */
  readonly writer: string;
  readonly pid: number;
}

/** The 64 bytes at the beginning of a segment. */
export const encodeSegmentHeader = (header: SegmentHeader): Buffer => {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  SEGMENT_MAGIC.copy(bytes, 0);
  bytes.writeBigUInt64LE(BigInt(`0x${header.segment}`), 8);
  bytes.writeDoubleLE(header.createdAt, 16);
  bytes.write(header.writer, 24, 'hex');
  bytes.writeUInt32LE(header.pid, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  return bytes;
};

/** Reads the header of a segment; null: there is none (yet), or it is damaged. */
export const decodeSegmentHeader = (bytes: Buffer): SegmentHeader | null => {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return null;
  if (bytes.readUInt32LE(60) !== crc32(bytes.subarray(0, 60))) return null;
  return {
    segment: bytes.readBigUInt64LE(8).toString(16).padStart(16, '0'),
    createdAt: bytes.readDoubleLE(16),
    writer: bytes.toString('hex', 24, 40),
    pid: bytes.readUInt32LE(40),
  };
};

/** With what the checksums of a segment's frames begin. */
export const checksumSeed = (segment: string): number => crc32(Buffer.from(segment, 'hex'));

/** Puts the 16 bytes before a payload that is already in place behind them. `offset`: of the frame in its segment. */
export const writeFrameHeader = (
  bytes: Buffer,
  view: DataView,
  at: number,
  payloadBytes: number,
  offset: number,
  seed: number,
): void => {
  view.setUint32(at, FRAME_MAGIC_NUMBER, true);
  view.setUint32(at + 8, payloadBytes, true);
  view.setUint32(at + 12, offset, true);
  const checksum = crc32(bytes.subarray(at + 8, at + FRAME_HEADER_BYTES + payloadBytes), seed);
  view.setUint32(at + 4, checksum, true);
};

/**
 * What stands at `at`: a valid frame, `short` (more bytes are needed to tell: `need`, counted from `at`), or nothing valid.
 * Bytes from `end` on are not looked at.
 */
export type FrameFound =
  | { readonly kind: 'frame'; readonly payloadBytes: number; readonly offset: number }
  | { readonly kind: 'short'; readonly need: number }
  | { readonly kind: 'none' };

const NONE: FrameFound = { kind: 'none' };

/** Looks for a frame at exactly this place. */
export const readFrame = (bytes: Buffer, at: number, end: number, seed: number): FrameFound => {
  const there = end - at;
  const magicBytes = Math.min(there, FRAME_MAGIC.length);
  if (bytes.compare(FRAME_MAGIC, 0, magicBytes, at, at + magicBytes) !== 0) return NONE;
  if (there < FRAME_HEADER_BYTES) return { kind: 'short', need: FRAME_HEADER_BYTES };
  const payloadBytes = bytes.readUInt32LE(at + 8);
  if (payloadBytes === 0 || payloadBytes > MAX_PAYLOAD_BYTES) return NONE;
  const need = FRAME_HEADER_BYTES + payloadBytes;
  if (there < need) return { kind: 'short', need };
  if (bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + 8, at + need), seed)) return NONE;
  return { kind: 'frame', payloadBytes, offset: bytes.readUInt32LE(at + 12) };
};
