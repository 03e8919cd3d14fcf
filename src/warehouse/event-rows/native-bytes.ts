import { type BlockMemory, PIECE_BYTES } from './block-memory.ts';

const UINT32 = 2 ** 32;

/** Bytes of ClickHouse's Native format, in pieces. Room is zero until it is written. */
export class NativeBytes {
  bytes: Buffer;
  view: DataView;
  at = 0;
  readonly #pieces: Uint8Array[] = [];
  readonly #memory: BlockMemory;

  constructor(memory: BlockMemory) {
    this.#memory = memory;
    this.bytes = memory.take();
    this.view = viewOf(this.bytes);
  }

  /** Makes room for so many bytes in one piece and returns where they begin in `bytes`. They count as written. */
  take(length: number): number {
    if (this.at + length > this.bytes.length) {
      this.#pieces.push(this.bytes.subarray(0, this.at));
      this.bytes = length > PIECE_BYTES ? Buffer.alloc(length) : this.#memory.take();
      this.view = viewOf(this.bytes);
      this.at = 0;
    }
    const start = this.at;
    this.at += length;
    return start;
  }

  /** Takes back what was taken too much. */
  giveBack(length: number): void {
    this.at -= length;
  }

  u64(value: number): void {
    const at = this.take(8);
    this.view.setUint32(at, value % UINT32, true);
    this.view.setUint32(at + 4, Math.floor(value / UINT32), true);
  }

  varint(value: number): void {
    const at = this.take(5);
    this.giveBack(5 - (writeVarint(this.bytes, at, value) - at));
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.varint(bytes.length);
    const at = this.take(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Everything that was written. */
  pieces(): readonly Uint8Array[] {
    return [...this.#pieces, this.bytes.subarray(0, this.at)];
  }
}

/** Writes a length as LEB128 and returns the place after it. */
export const writeVarint = (bytes: Uint8Array, from: number, value: number): number => {
  let at = from;
  let rest = value;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
};

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
