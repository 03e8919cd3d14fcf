import type { Clock } from '#core';
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

/** A module was called. `startedAt` and `endedAt` are monotonic ms. */
export interface CalledHop {
  readonly context: RequestContext;
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

/** Keeps the traces of the last requests, bounded in number and in time. */
export interface Traces {
  /** Begins a trace. Ids may come again (they have six digits): the newest is found then. */
  begin(requestId: string, caller: TraceBeginning): TraceRecorder;
  /** The trace that a call back belongs to. */
  recorder(requestId: string): TraceRecorder | null;
  /** By the id of the first request, or of any request made for it. */
  find(requestId: string): Trace | null;
  /** Newest first. */
  recent(question: TraceQuestion): readonly TraceSummary[];
}

/** How much is kept. */
export interface TraceOptions {
  readonly maxTraces: number;
  readonly maxHopsPerTrace: number;
  readonly keepMs: number;
}

/** Creates an empty ring of traces. */
export const createTraces = (options: TraceOptions, clock: Clock): Traces => {
  // A ring alone: every request writes into it, and hardly any is looked for. A Map beside it would cost each request three
  // accesses to cold memory.
  const ring: (Recorded | undefined)[] = Array.from({ length: options.maxTraces });
  let next = 0;
  let oldest = 0;
  const forgetExpired = (now: number): void => {
    for (;;) {
      const trace = ring[oldest];
      if (trace === undefined || now - trace.startedAt < options.keepMs) return;
      ring[oldest] = undefined;
      oldest = (oldest + 1) % ring.length;
    }
  };
  /** From the newest backwards, so that a request under way is found at once. */
  const lookFor = (requestId: string): Recorded | null => {
    for (let back = 1; back <= ring.length; back += 1) {
      const trace = ring[(next - back + ring.length) % ring.length];
      if (trace === undefined) return null;
      if (trace.requestId === requestId) return trace;
    }
    return null;
  };
  return {
    begin: (requestId, caller) => {
      const trace = new Recorded(requestId, clock, caller, options.maxHopsPerTrace);
      if (ring.length === 0) return trace;
      if (ring[next] !== undefined) oldest = (next + 1) % ring.length;
      ring[next] = trace;
      next = (next + 1) % ring.length;
      // Looking at the oldest touches cold memory, so not every time.
      if (next % 64 === 0) forgetExpired(trace.startedAt);
      return trace;
    },
    recorder: lookFor,
    find: (requestId) => {
      forgetExpired(clock.now());
      for (let id = requestId; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf(';')))) {
        const trace = lookFor(id);
        if (trace !== null) return trace.render();
      }
      return null;
    },
    recent: (question) => {
      forgetExpired(clock.now());
      const found: TraceSummary[] = [];
      for (let back = 1; back <= ring.length && found.length < question.limit; back += 1) {
        const trace = ring[(next - back + ring.length) % ring.length];
        if (trace === undefined) break;
        const summary = trace.summary();
        if (summary !== null && fits(summary, question)) found.push(summary);
      }
      return found;
    },
  };
};

const fits = ({ tenants, path, status }: TraceSummary, question: TraceQuestion): boolean =>
  (question.tenant === undefined || Object.values(tenants).includes(question.tenant)) &&
  (question.path === undefined || path.startsWith(question.path)) &&
  (question.minStatus === undefined || (status ?? 0) >= question.minStatus);

/** Keeps references and renders them when somebody asks, which is rare. */
class Recorded implements TraceRecorder {
  readonly requestId: string;
  readonly startedAt: number;
  readonly #begin: number;
  readonly #caller: TraceBeginning;
  readonly #max: number;
  readonly #hops: (CalledHop | RefusedHop)[] = [];
  #dropped = 0;

  constructor(requestId: string, clock: Clock, caller: TraceBeginning, max: number) {
    this.requestId = requestId;
    this.startedAt = clock.now();
    this.#begin = clock.monotonic();
    this.#caller = caller;
    this.#max = max;
  }
  called(hop: CalledHop): void {
    this.#add(hop);
  }
  refused(hop: RefusedHop): void {
    this.#add(hop);
  }
  lines(requestId: string): readonly string[] {
    return this.#hops
      .filter((hop): hop is CalledHop => 'context' in hop && hop.context.requestId === requestId)
      .map(
        (hop) =>
          `${hop.method} ${hop.entry.module.id} ${hop.entry.label} : ${hop.status ?? 0} ${Math.round((hop.endedAt - hop.startedAt) * 1_000)}us`,
      );
  }
  render(): Trace {
    return {
      requestId: this.requestId,
      startedAt: this.startedAt,
      userId: this.#caller.userId,
      originTenant: this.#caller.originTenant,
      hops: this.#hops
        .map((hop) => ('context' in hop ? this.#called(hop) : this.#refused(hop)))
        .toSorted((a, b) => a.startUs - b.startUs || a.actors.length - b.actors.length),
      dropped: this.#dropped,
    };
  }
  /** What came of the request itself; null: nothing has happened yet. */
  summary(): TraceSummary | null {
    const own = this.#hops.filter(
      (hop) => ('context' in hop ? hop.context.requestId : hop.requestId) === this.requestId,
    );
    const decisive =
      own.find((hop) => 'context' in hop && hop.entry.kind !== 'filter') ?? own.findLast((hop) => hop.status);
    if (decisive === undefined) return null;
    const { method, path, module, phase, status, tenants } =
      'context' in decisive ? this.#called(decisive) : this.#refused(decisive);
    const ends = own.map((hop) => ('context' in hop ? hop.endedAt : hop.at));
    return {
      requestId: this.requestId,
      startedAt: this.startedAt,
      userId: this.#caller.userId,
      tenants,
      method,
      path: phase === 'handler' ? path : (this.#caller.path ?? path),
      module: phase === 'handler' ? module : null,
      // A filter that has let it pass says nothing of the answer, which is still to come.
      status: phase === 'handler' || status === null || status >= 400 ? status : null,
      durationUs: Math.max(0, Math.round((Math.max(...ends) - this.#begin) * 1_000)),
      hops: this.#hops.length + this.#dropped,
    };
  }
  #add(hop: CalledHop | RefusedHop): void {
    if (this.#hops.length < this.#max) this.#hops.push(hop);
    else this.#dropped += 1;
  }
  #called(hop: CalledHop): Hop {
    const { context, entry } = hop;
    return {
      requestId: context.requestId,
      phase: entry.kind !== 'filter' ? 'handler' : (entry.phase ?? 'filter'),
      module: entry.module.id,
      method: hop.method,
      path: entry.label,
      tenants: {
        origin: context.originTenant,
        requested: context.requestedTenant,
        execution: context.tenant,
      },
      relation: context.relation,
      rule: context.rule,
      actors: context.actors,
      status: hop.status,
      startUs: Math.round((hop.startedAt - this.#begin) * 1_000),
      durationUs: Math.round((hop.endedAt - hop.startedAt) * 1_000),
      error: hop.error,
    };
  }
  #refused(hop: RefusedHop): Hop {
    return {
      requestId: hop.requestId,
      phase: 'resolve',
      module: null,
      method: hop.method,
      path: hop.path,
      tenants: { origin: hop.originTenant, requested: hop.requestedTenant, execution: null },
      relation: null,
      rule: null,
      actors: [],
      status: hop.status,
      startUs: Math.round((hop.at - this.#begin) * 1_000),
      durationUs: 0,
      error: hop.error,
    };
  }
}
