import type { RequestContext } from './context.ts';
import type { Entry } from './entry.ts';

/** One call of one module, or one decision of the gateway, in a request's trace. */
export interface Hop {
  readonly requestId: string;
  /** `resolve` is the gateway's own decision; `filter` one without a phase. */
  readonly phase: 'resolve' | 'auth' | 'pre' | 'handler' | 'post' | 'filter';
  /** Module id; null for the gateway's decisions. */
  readonly module: string | null;
  readonly method: string;
  /** Path pattern of the entry, or the path when nothing matched. Never the query. */
  readonly path: string;
  readonly tenants: {
    readonly origin: string | null;
    readonly requested: string;
    readonly execution: string | null;
  };
  readonly relation: string | null;
  readonly rule: string | null;
  /** Modules that called, first caller first. */
  readonly actors: readonly string[];
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Microseconds after the request's start. */
  readonly startUs: number;
  readonly durationUs: number;
  /** Why it failed; for the operator. */
  readonly error: string | null;
}

/** All hops of a request and of the requests that modules made for it. */
export interface Trace {
  readonly requestId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly userId: string | null;
  readonly originTenant: string | null;
  /** In the order in which they began. */
  readonly hops: readonly Hop[];
  /** Hops that were not kept because there were too many. */
  readonly dropped: number;
}

/** Which requests are looked for; undefined: any. */
export interface TraceQuestion {
  /** At most so many. */
  readonly limit: number;
  /** Origin, requested or execution tenant of the request. */
  readonly tenant?: string;
  /** The path begins so. */
  readonly path?: string;
  /** Only those that were answered with this status or a higher one. */
  readonly minStatus?: number;
}

/** One request in a list. */
export interface TraceSummary {
  readonly requestId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly userId: string | null;
  readonly tenants: Hop['tenants'];
  readonly method: string;
  /** Path pattern of the handler; the path when none was called. */
  readonly path: string;
  /** The handler's module; null when none was called. */
  readonly module: string | null;
  /** Null: no answer, or none yet. */
  readonly status: number | null;
  readonly durationUs: number;
  readonly hops: number;
}

/** Who asks for what, as it is known when a trace begins. */
export interface TraceBeginning {
  readonly userId: string | null;
  readonly originTenant: string | null;
  /** Path as sent, without query. */
  readonly path?: string;
}

/** A trace under way. */
export interface TraceRecorder {
  readonly requestId: string;
  called(call: CalledHop): void;
  refused(hop: RefusedHop): void;
  /** Lines of `X-Okapi-Trace`: method, module, path pattern, status, microseconds. */
  lines(requestId: string): readonly string[];
}

/** What a trace keeps of a request's context. */
export type TracedContext = Pick<
  RequestContext,
  'requestId' | 'originTenant' | 'requestedTenant' | 'tenant' | 'relation' | 'rule' | 'actors'
>;

/** A module was called. `startedAt` and `endedAt` are monotonic ms. */
export interface CalledHop {
  readonly context: TracedContext;
  readonly entry: Entry;
  readonly method: string;
  readonly status: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly error: string | null;
}

/** The gateway refused before any module was called. */
export interface RefusedHop {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly originTenant: string | null;
  readonly requestedTenant: string;
  readonly status: number;
  readonly at: number;
  readonly error: string;
}
