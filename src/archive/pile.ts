/** Lines of many files that are collected and written out together. */
export interface Pile {
  /** Copies the bytes to the end of a file's pile. True: it is time to `flush`. */
  add(path: string, bytes: Uint8Array): boolean;
  /** Hands each file's bytes to `write`, once, and is empty then. */
  flush(): Promise<void>;
}

const FIRST_BYTES = 16_384;

/** Creates an empty pile that wants to be flushed from `maxBytes` on. */
export const createPile = (
  maxBytes: number,
  write: (path: string, bytes: Uint8Array) => Promise<unknown>,
): Pile => {
  let buffers = new Map<string, { bytes: Buffer; length: number }>();
  let total = 0;
  return {
    add: (path, bytes) => {
      let buffer = buffers.get(path);
      if (buffer === undefined) {
        buffer = { bytes: Buffer.allocUnsafe(Math.max(FIRST_BYTES, bytes.length)), length: 0 };
        buffers.set(path, buffer);
      }
      const length = buffer.length + bytes.length;
      if (length > buffer.bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(buffer.bytes.length * 2, length));
        buffer.bytes.copy(larger, 0, 0, buffer.length);
        buffer.bytes = larger;
      }
      buffer.bytes.set(bytes, buffer.length);
      buffer.length = length;
      total += bytes.length;
      return total >= maxBytes;
    },
    flush: async () => {
      const full = buffers;
      buffers = new Map();
      total = 0;
      for (const [path, { bytes, length }] of full) await write(path, bytes.subarray(0, length));
    },
  };
};
