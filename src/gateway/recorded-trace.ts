import type { Clock } from '#core';
import type {
  CalledHop,
  Hop,
  RefusedHop,
  Trace,
  TraceBeginning,
  TraceRecorder,
  TraceSummary,
} from './trace.ts';

/** The trace of one request: keeps references and renders them when somebody asks, which is rare. Hops past `max` are counted alone. */
export class RecordedTrace implements TraceRecorder {
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
