import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Clears away the buffers of bodies that have streamed through. */
export interface YoungGarbage {
  /** Bytes have gone through and their buffer is garbage now. */
  passed(bytes: number): void;
}

/** Bytes that may be lying about before they are cleared away. */
const mostBytes = 16_777_216;

/**
 * Every read from a socket makes a new buffer of 64 KiB outside of V8's heap, and V8 collects when its own young heap is full,
 * which is after some 400 MB of them; or when 64 MB of outside memory have gathered. Streaming one gibibyte cost 81 MB
 * that way. A young collection every 16 MiB takes about a millisecond and keeps it at a third of that.
 */
export const createYoungGarbage = (): YoungGarbage => {
  const collect = minorCollection();
  let bytes = 0;
  return {
    passed: (more) => {
      bytes += more;
      if (bytes < mostBytes) return;
      bytes = 0;
      collect();
    },
  };
};

const minorCollection = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  return typeof gc === 'function' ? () => void gc({ type: 'minor' }) : () => undefined;
};
