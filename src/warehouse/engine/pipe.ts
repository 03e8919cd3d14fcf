import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** The reading end of a slot's FIFO. */
export interface PipeReader {
  /** What the engine writes into the FIFO; ends after `finish`. */
  readonly stream: Readable;
  /** To be called when the statement has ended: the stream ends once everything written was read. */
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
  return {
    stream,
    finish: () => {
      if (stream.destroyed || stream.readableEnded) return;
      try {
        // A reader sees the end only after a writer came and went; a statement without output never opened the FIFO.
        closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // ENXIO: the stream has been closed meanwhile, so there is nobody to tell.
      }
    },
  };
};
