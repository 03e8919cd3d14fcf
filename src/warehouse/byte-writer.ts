const SHORT_TEXT = 40;
const UINT32 = 2 ** 32;

/**
 * Writes values in ClickHouse's RowBinary (https://clickhouse.com/docs/interfaces/formats/RowBinary) one after the other into slabs
 * of memory. What `take` gives stays valid: a slab is never written twice.
 */
export class ByteWriter {
  #bytes: Buffer;
  #view: DataView;
  #start = 0;
  #at = 0;
  readonly #slabBytes: number;

  /** `slabBytes`: memory is taken in pieces of this size. */
  constructor(slabBytes = 1_048_576) {
    this.#slabBytes = slabBytes;
    this.#bytes = Buffer.allocUnsafeSlow(slabBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The bytes written since the last `take`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return taken;
  }

  /** Forgets what was written since the last `take`. */
  drop(): void {
    this.#at = this.#start;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** The mark of a value that is not NULL, and the value. */
  presentU32(value: number): void {
    this.#reserve(5);
    this.#bytes[this.#at] = 0;
    this.#view.setUint32(this.#at + 1, value, true);
    this.#at += 5;
  }

  i32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#at, value, true);
    this.#at += 4;
  }

  /** A number must be whole and at most 2^53; a larger one is a bigint. */
  u64(value: number | bigint): void {
    this.#reserve(8);
    if (typeof value === 'bigint') this.#view.setBigUint64(this.#at, value, true);
    else {
      this.#view.setUint32(this.#at, value % UINT32, true);
      this.#view.setUint32(this.#at + 4, Math.floor(value / UINT32), true);
    }
    this.#at += 8;
  }

  /** The mark of a value that is not NULL, and the value, at most 2^53. */
  presentU64(value: number): void {
    this.u8(0);
    this.u64(value);
  }

  /** Whole number of at most 2^53 in both directions. */
  i64(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / UINT32);
    this.#view.setUint32(this.#at, value - high * UINT32, true);
    this.#view.setInt32(this.#at + 4, high, true);
    this.#at += 8;
  }

  f32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#at, value, true);
    this.#at += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** LEB128, as lengths are written. */
  length(value: number): void {
    this.#reserve(5);
    this.#at = writeLength(this.#bytes, this.#at, value);
  }

  /** Length in bytes and UTF-8; half characters become U+FFFD. */
  text(value: string): void {
    const units = value.length;
    this.#reserve(units * 3 + 5);
    const bytes = this.#bytes;
    const start = this.#at;
    if (units <= SHORT_TEXT) {
      let at = start + 1;
      let all = 0;
      for (let index = 0; index < units; index++) {
        const code = value.charCodeAt(index);
        all |= code;
        bytes[at++] = code;
      }
      if (all < 0x80) {
        bytes[start] = units;
        this.#at = at;
        return;
      }
    }
    // Nearly always the length in bytes needs as many bytes as the length in characters.
    const guess = lengthBytes(units);
    const written = bytes.write(value, start + guess, 'utf8');
    const needed = lengthBytes(written);
    if (needed !== guess) bytes.copyWithin(start + needed, start + guess, start + guess + written);
    this.#at = writeLength(bytes, start, written) + written;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const begun = this.#at - this.#start;
    const slab = Buffer.allocUnsafeSlow(Math.max(this.#slabBytes, (begun + bytes) * 2));
    this.#bytes.copy(slab, 0, this.#start, this.#at);
    this.#bytes = slab;
    this.#view = new DataView(slab.buffer);
    this.#start = 0;
    this.#at = begun;
  }
}

const lengthBytes = (length: number): number => {
  if (length < 0x80) return 1;
  if (length < 0x40_00) return 2;
  return length < 0x20_00_00 ? 3 : length < 0x10_00_00_00 ? 4 : 5;
};

const writeLength = (bytes: Buffer, from: number, length: number): number => {
  let at = from;
  let rest = length;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
};
