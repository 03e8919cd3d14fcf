/** Lines of many files that are collected to be written together. */
export interface Pile {
  /** Copies the bytes to the end of a file's pile. True: it is time to `take`. */
  add(path: string, bytes: Uint8Array): boolean;
  /** Each file's bytes. They are written over by what is added after `clear`. */
  parts(): readonly (readonly [path: string, bytes: Uint8Array])[];
  /** Empties the pile. */
  clear(): void;
  paths(): readonly string[];
}

const FIRST_BYTES = 16_384;

/**
 * Creates an empty pile that wants to be emptied from `maxBytes` on. Its memory is kept for the next lines as long as it is not much more than they
 * need: new memory for every 8 MB of lines makes the garbage collector run all the time.
 */
export const createPile = (maxBytes: number): Pile => {
  const buffers = new Map<string, { bytes: Buffer; length: number }>();
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
    parts: () =>
      [...buffers].flatMap(([path, { bytes, length }]) =>
        length === 0 ? [] : [[path, bytes.subarray(0, length)] as const],
      ),
    clear: () => {
      let room = 0;
      for (const [path, buffer] of buffers) {
        // Without a line since the last time: of an hour that is over.
        if (buffer.length === 0) buffers.delete(path);
        room += buffer.bytes.length;
        buffer.length = 0;
      }
      if (room > maxBytes * 3) buffers.clear();
      total = 0;
    },
    paths: () => [...buffers].filter(([, { length }]) => length > 0).map(([path]) => path),
  };
};
