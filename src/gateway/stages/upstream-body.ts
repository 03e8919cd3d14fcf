import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { AppError } from '#core';
import { guardedStream } from '../body.ts';

/** Bytes that are held before the module's connection is paused. */
const highWaterMark = 65_536;

/** The body of a module's answer as it arrives; the module waits when nobody reads. Destroying it ends the connection. */
export class UpstreamBody extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  #finished = false;

  constructor(controller: Dispatcher.DispatchController) {
    super({ highWaterMark });
    this.#controller = controller;
    guardedStream(this);
  }

  /** All of it has arrived. */
  finish(): void {
    this.#finished = true;
    this.push(null);
  }

  override _read(): void {
    if (this.#controller.paused) this.#controller.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#finished) {
      this.#finished = true;
      this.#controller.abort(
        error ?? new AppError('GATEWAY_CLIENT_GONE', 'nobody reads the answer any more', { status: 499 }),
      );
    }
    callback(error);
  }
}
