import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { type Dispatcher, Pool } from 'undici';
import { AppError, errorCode, errorText } from '#core';
import type { Body } from '../body.ts';
import { type HeaderMap, hopByHop } from '../header-rules.ts';
import type { ModuleInstance } from '../module-store.ts';
import { createAddressGuard, createGuardedConnector } from './address-guard.ts';
import { createDeadlines, type Deadlines, type Watch } from './deadlines.ts';
import type { Stage, StageCall, StageResponse } from './stage.ts';
import { UpstreamBody } from './upstream-body.ts';
import { createYoungGarbage, type YoungGarbage } from './young-garbage.ts';

/** How remote modules are called. Times in ms. */
export interface RemoteOptions {
  readonly connectTimeoutMs: number;
  /** Until a connection is free, and from then until the head of the answer is there. */
  readonly headersTimeoutMs: number;
  /** Between two pieces of the answer's body. */
  readonly bodyTimeoutMs: number;
  /** CIDR ranges where modules may run. */
  readonly allow: readonly string[];
  /** Connections to one instance at most. Default 256. */
  readonly maxConnections?: number;
  /** Requests that wait for a connection to one instance at most. Default 1,024. */
  readonly maxWaiting?: number;
}

/** Instances whose connections are kept at most. */
const maxPools = 512;
/** Answers up to this length are taken whole: if the module breaks in between, the client gets a clean 502. */
const wholeUpTo = 65_536;
/** Head of a module's answer at most; auth filters send long ones. */
const maxHeadBytes = 65_536;

/**
 * Calls modules over HTTP. Redirects are not followed. A request without a body that is idempotent is sent once more when a
 * kept-alive connection turned out to be dead, and to the next instance when one cannot be connected to; nothing else is.
 * Errors: `GATEWAY_MODULE_UNREACHABLE`, `GATEWAY_MODULE_BROKEN` (502), `GATEWAY_MODULE_TIMEOUT` (504), `GATEWAY_MODULE_BUSY` (503: too many wait for a
 * connection), `GATEWAY_NO_INSTANCE` (404).
 */
export const createRemoteStage = (
  instancesOf: (moduleId: string) => readonly ModuleInstance[],
  options: RemoteOptions,
  failed: (code: string) => void,
): Stage => {
  const guard = createAddressGuard(options.allow);
  const connect = createGuardedConnector(guard, options.connectTimeoutMs);
  const targets = new LRUCache<string, Target>({
    max: maxPools,
    dispose: ({ pool }) => void pool.close().catch(() => undefined),
  });
  const means: Means = {
    garbage: createYoungGarbage(),
    deadlines: createDeadlines(options.headersTimeoutMs),
    maxWaiting: options.maxWaiting ?? 1_024,
  };
  let turn = 0;

  const targetOf = (instance: ModuleInstance): Target => {
    let target = targets.get(instance.url);
    if (target === undefined) {
      const problem = guard.urlProblem(instance.url);
      if (problem !== null) throw new AppError('GATEWAY_MODULE_ADDRESS', problem, { status: 502 });
      const url = new URL(instance.url);
      target = {
        basePath: url.pathname.replace(/\/+$/, ''),
        pool: new Pool(url.origin, {
          connect,
          connections: options.maxConnections ?? 256,
          pipelining: 1,
          headersTimeout: options.headersTimeoutMs,
          bodyTimeout: options.bodyTimeoutMs,
          maxHeaderSize: maxHeadBytes,
        }),
        waiting: 0,
      };
      targets.set(instance.url, target);
    }
    return target;
  };

  const attempt = (
    call: StageCall,
    instances: readonly ModuleInstance[],
    first: number,
    tried: number,
  ): Promise<StageResponse> => {
    const instance = instances[(first + tried) % instances.length];
    if (instance === undefined) {
      const message = `No running module instance found for ${call.entry.module.id}`;
      return Promise.reject(new AppError('GATEWAY_NO_INSTANCE', message, { status: 404 }));
    }
    return exchange(targetOf, call, instance, means).catch((error: unknown) => {
      const isReplayable = !(call.body instanceof Readable);
      const again = isConnectFailure(error)
        ? isReplayable && tried + 1 < instances.length
        : tried === 0 && isReplayable && isStale(error, call);
      if (again) return attempt(call, instances, first, tried + 1);
      const failure = moduleFailure(error, call);
      failed(failure.code);
      throw failure;
    });
  };

  return {
    call: (call) => {
      turn = (turn + 1) % 1_000_000;
      return attempt(call, instancesOf(call.entry.module.id), turn, 0);
    },
    stop: async () => {
      const pools = [...targets.values()].map(({ pool }) => pool);
      targets.clear();
      await Promise.allSettled(pools.map((pool) => pool.destroy()));
    },
  };
};

interface Target {
  readonly pool: Pool;
  readonly basePath: string;
  /** Requests that have no connection yet. */
  waiting: number;
}

/** What all exchanges of a stage share. */
interface Means {
  readonly garbage: YoungGarbage;
  /** For those who wait for a connection. */
  readonly deadlines: Deadlines;
  readonly maxWaiting: number;
}

const exchange = (
  targetOf: (instance: ModuleInstance) => Target,
  call: StageCall,
  instance: ModuleInstance,
  means: Means,
): Promise<StageResponse> =>
  new Promise((resolve, reject) => {
    const target = targetOf(instance);
    if (target.waiting >= means.maxWaiting) throw moduleBusy(call, target);
    const exchange = new Exchange(call, resolve, reject, target, means.garbage);
    target.pool.dispatch(
      {
        method: call.method as Dispatcher.HttpMethod,
        path: target.basePath + call.uri,
        headers: outgoingHeaders(call, instance),
        body: bodyFor(call.body),
      },
      exchange,
    );
    exchange.dispatched(means.deadlines);
  });

const bodyFor = (body: Body): string | Uint8Array | Readable | null => body;

const outgoingHeaders = (call: StageCall, instance: ModuleInstance): Record<string, string> => {
  const { headers } = call;
  if (call.entry.kind === 'system') headers['x-okapi-url-to'] = instance.url;
  return headers;
};

/** One request on one connection, from the wait for it to the end. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: StageCall;
  readonly #resolve: (response: StageResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #target: Target;
  readonly #garbage: YoungGarbage;
  readonly #endWatch: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  /** Counted among those who wait for a connection. */
  #waits = true;
  #patience: Watch | null = null;
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
    target: Target,
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
    this.#patience?.end();
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

const clientGone = (): AppError =>
  new AppError('GATEWAY_CLIENT_GONE', 'the client went away before the answer was complete', { status: 499 });

const noConnection = (call: StageCall): AppError =>
  new AppError(
    'GATEWAY_MODULE_TIMEOUT',
    `module ${call.entry.module.id} did not answer in time (all connections to it were busy)`,
    { status: 504 },
  );

const moduleBusy = (call: StageCall, { waiting }: Target): AppError =>
  new AppError(
    'GATEWAY_MODULE_BUSY',
    `module ${call.entry.module.id} was not called: ${waiting} requests wait for a connection to it`,
    { status: 503 },
  );

const connectFailures: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'GATEWAY_MODULE_ADDRESS',
  'GATEWAY_MODULE_BUSY',
]);

const isConnectFailure = (error: unknown): boolean => connectFailures.has(errorCode(error));

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** The module closed a kept-alive connection just when it was used again: it has not seen the request. */
const isStale = (error: unknown, call: StageCall): boolean => {
  if (call.body !== null || !idempotent.has(call.method) || errorCode(error) !== 'UND_ERR_SOCKET')
    return false;
  const socket: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'socket') : undefined;
  const bytesRead: unknown =
    typeof socket === 'object' && socket !== null ? Reflect.get(socket, 'bytesRead') : 0;
  return typeof bytesRead === 'number' && bytesRead > 0;
};

const timeouts: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const moduleFailure = (error: unknown, call: StageCall): AppError => {
  const module = call.entry.module.id;
  const code = errorCode(error);
  if (error instanceof AppError && code !== 'GATEWAY_MODULE_ADDRESS') return error;
  const facts = { cause: error, details: { module, cause: code } };
  if (timeouts.has(code))
    return new AppError('GATEWAY_MODULE_TIMEOUT', `module ${module} did not answer in time (${code})`, {
      ...facts,
      status: 504,
    });
  if (isConnectFailure(error))
    return new AppError(
      'GATEWAY_MODULE_UNREACHABLE',
      `module ${module} cannot be connected to: ${errorText(error)}`,
      {
        ...facts,
        status: 502,
      },
    );
  return new AppError('GATEWAY_MODULE_BROKEN', `module ${module} gave no valid answer: ${errorText(error)}`, {
    ...facts,
    status: 502,
  });
};
