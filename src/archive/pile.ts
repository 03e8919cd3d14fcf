/** Lines of many files that are collected to be written together. */
export interface Pile {
  /** Copies the bytes to the end of a file's pile. True: it is time to `take`. */
  add(path: string, bytes: Uint8Array): boolean;
  /** Each file's bytes; the pile is empty then. */
  take(): readonly (readonly [path: string, bytes: Uint8Array])[];
  paths(): readonly string[];
}

const FIRST_BYTES = 16_384;

/** Creates an empty pile that wants to be taken from `maxBytes` on. */
export const createPile = (maxBytes: number): Pile => {
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
    take: () => {
      const full = [...buffers].map(
        ([path, { bytes, length }]) => [path, bytes.subarray(0, length)] as const,
      );
      buffers = new Map();
      total = 0;
      return full;
    },
    paths: () => [...buffers.keys()],
  };
};
