import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** The reading end of a slot's FIFO. */
export interface PipeReader {
  /**
   * Reads what the engine writes until `finish`, handing each piece to `take`. When `take` fails, the rest is read and
   * thrown away, because a writer with nobody at the other end would wait for ever; the failure is thrown at the end.
   */
  readAll(take: (chunk: Buffer) => Promise<void>, onFailure: () => void): Promise<void>;
  /** To be called when the statement has ended: reading ends once everything written was read. */
  finish(): void;
}

/**
 * Opens a FIFO for reading. The engine writes an answer of any size and format into it and waits when nobody reads:
 * that is what makes answers stream with back-pressure and flat memory.
 */
export const openPipe = (path: string): PipeReader => {
  const stream = new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  // The engine opens the FIFO once, twice (after an error in the format) or never. An end of our own keeps the stream
  // from ending in between, and the engine's `open` from waiting for a reader.
  let keeper: number | undefined = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return {
    readAll: async (take, onFailure) => {
      let failure: { readonly error: unknown } | undefined;
      for await (const chunk of stream) {
        if (failure !== undefined) continue;
        try {
          await take(chunk as Buffer);
        } catch (error) {
          failure = { error };
          onFailure();
        }
      }
      if (failure !== undefined) throw failure.error;
    },
    finish: () => {
      if (keeper === undefined) return;
      closeSync(keeper);
      keeper = undefined;
    },
  };
};
