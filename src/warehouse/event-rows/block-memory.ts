/** Bytes of a piece of a block. */
export const PIECE_BYTES = 1_048_576;

/** Memory for blocks that is used again: new memory for every insert keeps the garbage collector and the system busy. */
export interface BlockMemory {
  /** A piece of `PIECE_BYTES`, all zero. */
  take(): Buffer;
  /** These pieces of a block were sent and are not needed any more; each may be given back once. */
  giveBack(pieces: readonly Uint8Array[]): void;
}

/** Pieces that are kept, at most. */
const KEPT_PIECES = 48;

/** Creates it, empty. */
export const createBlockMemory = (): BlockMemory => {
  const idle: { readonly bytes: Buffer; readonly used: number }[] = [];
  return {
    take: () => {
      const kept = idle.pop();
      return kept === undefined ? Buffer.alloc(PIECE_BYTES) : kept.bytes.fill(0, 0, kept.used);
    },
    giveBack: (pieces) => {
      for (const { buffer, byteLength } of pieces)
        if (buffer.byteLength === PIECE_BYTES && idle.length < KEPT_PIECES)
          idle.push({ bytes: Buffer.from(buffer), used: byteLength });
    },
  };
};
