import { Readable } from 'node:stream';
import { AppError, createDeadlines, type Deadlines, errorText, type Log, systemClock } from '#core';
import { announcedLength, type Body, guardedStream, requestBodyOf } from '../body.ts';
import type {
  Authorise,
  Handler,
  IncomingResponse,
  Module,
  ModuleRequest,
  ModuleResponse,
  OutgoingRequest,
  RequestBody,
} from '../contract.ts';
import type { CompiledModule, Entry } from '../entry.ts';
import { type HeaderMap, hopByHop } from '../header-rules.ts';
import type { Stage, StageCall, StageResponse } from './stage.ts';

/** The modules in process. */
export interface LocalStage extends Stage {
  /** Is this module in process? */
  has(moduleId: string): boolean;
  /** The module's own decision of auth filters; null when it has none. */
  authorise(moduleId: string): Authorise | null;
}

/** Limits of calls in process. */
export interface LocalOptions {
  /** A handler that has not answered by then is a 504; its request's signal is aborted. */
  readonly moduleTimeoutMs: number;
  /** Default of `bytes()` and `json()`. */
  readonly maxBodyBytes: number;
}

/**
 * Calls modules by function. Errors at creation: `GATEWAY_HANDLER_MISSING` for an entry of a descriptor without handler, so
 * that a typing error is found at the start and not by a visitor.
 */
export const createLocalStage = (
  modules: readonly Module[],
  compile: (module: Module) => CompiledModule,
  options: LocalOptions,
  log: Log,
): LocalStage => {
  const handlers = new Map<string, HandlerTable>();
  const authorisers = new Map<string, Authorise>();
  for (const module of modules) {
    const compiled = compile(module);
    handlers.set(compiled.id, tableOf(module, compiled));
    if (module.authorise !== undefined) authorisers.set(compiled.id, module.authorise);
  }
  const deadlines = createDeadlines(options.moduleTimeoutMs, systemClock);
  return {
    has: (moduleId) => handlers.has(moduleId),
    authorise: (moduleId) => authorisers.get(moduleId) ?? null,
    call: (call) => {
      const handler = handlers.get(call.entry.module.id)?.(call.entry, call.method);
      const request = new LocalRequest(call, options.maxBodyBytes);
      try {
        if (handler === undefined) throw missing(call.entry.module.id, call.method, call.entry.label);
        const answer = handler(request);
        return answer instanceof Promise
          ? inTime(answer, request, call, options, deadlines, log)
          : Promise.resolve(answered(answer, request));
      } catch (error) {
        return Promise.resolve().then(() => failed(error, call, log));
      }
    },
    stop: async () => {
      await Promise.allSettled(modules.map(async (module) => module.stop?.()));
    },
  };
};

type HandlerTable = (entry: Entry, method: string) => Handler | undefined;

const tableOf = (module: Module, compiled: CompiledModule): HandlerTable => {
  const byEntry = compiled.entries.map((entry) => {
    const byMethod = new Map<string, Handler>();
    const needsNone = entry.type === 'redirect' || (entry.phase === 'auth' && module.authorise !== undefined);
    for (const method of entry.methods) {
      const handler = module.handlers[`${method} ${entry.label}`];
      if (handler !== undefined) byMethod.set(method, handler);
      else if (!needsNone) throw missing(compiled.id, method, entry.label);
    }
    return byMethod;
  });
  return (entry, method) => {
    const byMethod = byEntry[entry.index];
    return byMethod?.get(method) ?? byMethod?.get('*');
  };
};

/** The request of a module in process; what costs time is made when it is asked for. */
class LocalRequest implements ModuleRequest {
  readonly #call: StageCall;
  readonly #maxBodyBytes: number;
  #query: URLSearchParams | undefined;
  #body: RequestBody | undefined;
  #abort: AbortController | undefined;
  #endWatch: (() => void) | undefined;

  constructor(call: StageCall, maxBodyBytes: number) {
    this.#call = call;
    this.#maxBodyBytes = maxBodyBytes;
  }
  get requestId(): string {
    return this.#call.requestId;
  }
  get tenant(): string {
    return this.#call.tenant;
  }
  get originTenant(): string {
    return this.#call.originTenant;
  }
  get userId(): string | null {
    return this.#call.userId;
  }
  get sessionId(): string | null {
    return this.#call.sessionId ?? null;
  }
  get permissions(): readonly string[] {
    return this.#call.permissions;
  }
  get method(): string {
    return this.#call.method;
  }
  get path(): string {
    const { uri } = this.#call;
    const mark = uri.indexOf('?');
    return mark === -1 ? uri : uri.slice(0, mark);
  }
  get params(): Readonly<Record<string, string>> {
    return this.#call.entry.pattern?.params(this.path) ?? {};
  }
  get query(): URLSearchParams {
    const { uri } = this.#call;
    const mark = uri.indexOf('?');
    return (this.#query ??= new URLSearchParams(mark === -1 ? '' : uri.slice(mark + 1)));
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#call.headers;
  }
  get body(): RequestBody {
    return (this.#body ??= requestBodyOf(
      this.#call.body,
      this.#maxBodyBytes,
      this.#call.body instanceof Readable ? announcedLength(this.#call.headers) : null,
    ));
  }
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      this.#endWatch = this.#call.onGone(() => abort.abort());
    }
    return this.#abort.signal;
  }
  call(request: OutgoingRequest): Promise<IncomingResponse> {
    return this.#call.call(request);
  }
  /** The deadline has passed. */
  abort(): void {
    void this.signal;
    this.#abort?.abort();
  }
  /** The answer is there; nobody has to be told that the client goes. */
  end(): void {
    this.#endWatch?.();
  }
}

const inTime = (
  answer: Promise<ModuleResponse>,
  request: LocalRequest,
  call: StageCall,
  options: LocalOptions,
  deadlines: Deadlines,
  log: Log,
): Promise<StageResponse> =>
  new Promise((resolve, reject) => {
    const watch = deadlines.watch(() => {
      request.abort();
      reject(
        new AppError(
          'GATEWAY_MODULE_TIMEOUT',
          `module ${call.entry.module.id} did not answer within ${options.moduleTimeoutMs} ms`,
          { status: 504 },
        ),
      );
    });
    const fail = (error: unknown): void => {
      watch.leave();
      request.end();
      try {
        resolve(failed(error, call, log));
      } catch (failure) {
        reject(failure as AppError);
      }
    };
    answer.then((response) => {
      watch.leave();
      try {
        resolve(answered(response, request));
      } catch (error) {
        fail(error);
      }
    }, fail);
  });

/** What a handler throws of the client's making is an answer; all else is a failure of the module. */
const failed = (error: unknown, call: StageCall, log: Log): StageResponse => {
  if (error instanceof AppError && error.status < 500) return textResponse(error.status, error.message);
  log.error('handler_failed', {
    module: call.entry.module.id,
    request_id: call.requestId,
    err: errorText(error),
    stack: error instanceof Error ? error.stack : undefined,
  });
  throw new AppError('GATEWAY_MODULE_FAILED', `module ${call.entry.module.id} failed: ${errorText(error)}`, {
    status: 500,
    cause: error,
  });
};

const missing = (moduleId: string, method: string, label: string): AppError =>
  new AppError('GATEWAY_HANDLER_MISSING', `module ${moduleId} has no handler for ${method} ${label}`, {
    hint: 'the key of a handler is METHOD pathPattern, exactly as in the descriptor',
  });

/** The client is watched until the last byte is there. */
const answered = (response: ModuleResponse, request: LocalRequest): StageResponse => {
  if (response.body instanceof Readable) response.body.once('close', () => request.end());
  else request.end();
  return toStageResponse(response);
};

const toStageResponse = (response: ModuleResponse): StageResponse => {
  const headers: HeaderMap = {};
  if (response.headers !== undefined)
    for (const name of Object.keys(response.headers)) {
      const value = response.headers[name];
      const lower = name.toLowerCase();
      if (value !== undefined && !hopByHop.has(lower) && lower !== 'content-length') headers[lower] = value;
    }
  const body: Body =
    response.body instanceof Readable ? guardedStream(response.body) : (response.body ?? null);
  return { status: response.status, headers, body, contentLength: null };
};

const textResponse = (status: number, message: string): StageResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: message,
  contentLength: null,
});
