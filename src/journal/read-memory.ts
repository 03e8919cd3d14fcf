/**
 * Memory for reading that is used again and again: what a read gives is a view of it, and valid until the next read with it. Without
 * one every read has its own memory, and whoever reads much makes the garbage collector run without end (a full one every 800
 * beacons, measured in the loader).
 */
export interface ReadMemory {
  /** Everything that was given out may be written over from now on. */
  reset(): void;
  /** Room for so many bytes. */
  take(bytes: number): Buffer;
}

/** Creates it, empty. It keeps what the largest read has needed. */
export const createReadMemory = (): ReadMemory => {
  const pieces: Buffer[] = [];
  let next = 0;
  return {
    reset: () => {
      next = 0;
    },
    take: (bytes) => {
      const place = next++;
      const known = pieces[place];
      if (known !== undefined && known.length >= bytes) return known.subarray(0, bytes);
      const fresh = Buffer.allocUnsafeSlow(bytes);
      pieces[place] = fresh;
      return fresh;
    },
  };
};

/** Memory of its own for everything that is read. */
export const FRESH_MEMORY: ReadMemory = {
  reset: () => undefined,
  take: (bytes) => Buffer.allocUnsafeSlow(bytes),
};
