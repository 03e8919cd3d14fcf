import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { AppError, Deadlines, Link } from '#core';
import { type HeaderMap, hopByHop } from '../header-rules.ts';
import { clientGone, noConnection } from './module-failure.ts';
import type { StageCall, StageResponse } from './stage.ts';
import { UpstreamBody } from './upstream-body.ts';
import type { YoungGarbage } from './young-garbage.ts';

/** Answers up to this length are taken whole: if the module breaks in between, the client gets a clean 502. */
const wholeUpTo = 65_536;

/** Those who have no connection to an instance yet. */
export interface Queue {
  waiting: number;
}

/** One request on one connection, from the wait for it to the end. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: StageCall;
  readonly #resolve: (response: StageResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #target: Queue;
  readonly #garbage: YoungGarbage;
  readonly #endWatch: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  /** Counted among those who wait for a connection. */
  #waits = true;
  #patience: Link | null = null;
  /** Why nobody waits for the answer any more. */
  #over: AppError | null = null;
  #status = 0;
  #headers: HeaderMap = {};
  #whole: Uint8Array[] | null = null;
  #stream: UpstreamBody | null = null;

  constructor(
    call: StageCall,
    resolve: (response: StageResponse) => void,
    reject: (error: Error) => void,
    target: Queue,
    garbage: YoungGarbage,
  ) {
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#target = target;
    this.#garbage = garbage;
    target.waiting += 1;
    this.#endWatch = call.onGone(() => this.#giveUp(clientGone()));
  }

  /** The pool has taken the request: it is under way, or waits for a connection. */
  dispatched(deadlines: Deadlines): void {
    if (this.#waits) this.#patience = deadlines.watch(() => this.#giveUp(noConnection(this.#call)));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#waitIsOver();
    // Thrown, because an abort would cost the connection that nobody has used yet.
    if (this.#over !== null) throw this.#over;
    this.#controller = controller;
    // The client attaches its own reader right after this, in the same turn: nothing is lost.
    if (this.#call.body instanceof Readable)
      this.#call.body.on('data', (chunk: Uint8Array) => this.#garbage.passed(chunk.length));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const length = this.#readHead(headers);
    if (length !== null && length <= wholeUpTo && this.#call.method !== 'HEAD') {
      this.#whole = [];
      return;
    }
    this.#stream = new UpstreamBody(controller);
    this.#resolve({ status, headers: this.#headers, body: this.#stream, contentLength: length });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#whole !== null) this.#whole.push(chunk);
    else {
      this.#garbage.passed(chunk.length);
      if (this.#stream?.push(chunk) === false) controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#endWatch();
    if (this.#whole === null) {
      this.#stream?.finish();
      return;
    }
    const only = this.#whole.length === 1 ? this.#whole[0] : undefined;
    const body = only ?? Buffer.concat(this.#whole);
    this.#resolve({ status: this.#status, headers: this.#headers, body, contentLength: null });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#endWatch();
    this.#waitIsOver();
    if (this.#stream !== null) this.#stream.destroy(error);
    else this.#reject(error);
  }

  /** The pool cannot take back a request that has no connection: it is left in its queue, and nothing is sent when its turn comes. */
  #giveUp(why: AppError): void {
    if (this.#controller !== null) return this.#controller.abort(why);
    this.#over = why;
    this.#waitIsOver();
    this.#endWatch();
    this.#reject(why);
  }

  #waitIsOver(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#target.waiting -= 1;
    this.#patience?.leave();
  }

  #readHead(headers: Readonly<Record<string, string | string[] | undefined>>): number | null {
    let length: number | null = null;
    const kept: HeaderMap = {};
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value === undefined || hopByHop.has(name)) continue;
      if (name === 'content-length') length = typeof value === 'string' ? Number(value) : null;
      else kept[name] = value;
    }
    this.#headers = kept;
    return length !== null && Number.isSafeInteger(length) && length >= 0 ? length : null;
  }
}
