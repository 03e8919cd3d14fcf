import type { Appended } from './writer-contract.ts';
import type { WriterSegment } from './writer-segment.ts';

const FIRST_BUFFER_BYTES = 1024 * 1024;
/** What waits while a slow sync is running is bounded by this. */
export const MAX_PENDING_BYTES = 32 * 1024 * 1024;

/** Records that are written and synced together. There are two, which take turns; their buffers are kept. */
export interface Group {
  bytes: Buffer;
  view: DataView;
  used: number;
  segment: WriterSegment | null;
  done: Appended[];
  offsets: number[];
}

/** An empty group. */
export const newGroup = (): Group => {
  const bytes = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  return { bytes, view: viewOf(bytes), used: 0, segment: null, done: [], offsets: [] };
};

/** Makes it empty again. */
export const clearGroup = (group: Group): void => {
  group.used = 0;
  group.segment = null;
  group.done = [];
  group.offsets = [];
};

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Makes room for `room` more bytes; false: that would be more than may wait. */
export const growGroup = (group: Group, room: number): boolean => {
  const needed = group.used + room;
  if (needed > MAX_PENDING_BYTES) return false;
  let size = group.bytes.length;
  while (size < needed) size *= 2;
  const bytes = Buffer.allocUnsafeSlow(size);
  group.bytes.copy(bytes, 0, 0, group.used);
  group.bytes = bytes;
  group.view = viewOf(bytes);
  return true;
};
