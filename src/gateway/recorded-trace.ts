import type { CalledHop, Hop, RefusedHop, Trace, TraceBeginning, TraceSummary } from './trace.ts';

/** What was recorded of one request. */
export interface Recording {
  readonly requestId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** The same on the monotonic clock. */
  readonly begin: number;
  readonly caller: TraceBeginning;
  readonly hops: readonly (CalledHop | RefusedHop)[];
  /** Hops that were not kept. */
  readonly dropped: number;
}

/** The trace of one request, read back for somebody who asks. */
export class RecordedTrace {
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }
  /** Lines of `X-Okapi-Trace`. */
  lines(requestId: string): readonly string[] {
    return this.#recording.hops
      .filter((hop): hop is CalledHop => 'context' in hop && hop.context.requestId === requestId)
      .map(
        (hop) =>
          `${hop.method} ${hop.entry.module.id} ${hop.entry.label} : ${hop.status ?? 0} ${Math.round((hop.endedAt - hop.startedAt) * 1_000)}us`,
      );
  }
  render(): Trace {
    const { requestId, startedAt, caller, hops, dropped } = this.#recording;
    return {
      requestId,
      startedAt,
      userId: caller.userId,
      originTenant: caller.originTenant,
      hops: hops
        .map((hop) => ('context' in hop ? this.#called(hop) : this.#refused(hop)))
        .toSorted((a, b) => a.startUs - b.startUs || a.actors.length - b.actors.length),
      dropped,
    };
  }
  /** What came of the request itself; null: nothing has happened yet. */
  summary(): TraceSummary | null {
    const { requestId, startedAt, begin, caller, hops, dropped } = this.#recording;
    const own = hops.filter(
      (hop) => ('context' in hop ? hop.context.requestId : hop.requestId) === requestId,
    );
    const decisive =
      own.find((hop) => 'context' in hop && hop.entry.kind !== 'filter') ?? own.findLast((hop) => hop.status);
    if (decisive === undefined) return null;
    const { method, path, module, phase, status, tenants } =
      'context' in decisive ? this.#called(decisive) : this.#refused(decisive);
    const ends = own.map((hop) => ('context' in hop ? hop.endedAt : hop.at));
    return {
      requestId,
      startedAt,
      userId: caller.userId,
      tenants,
      method,
      path: phase === 'handler' ? path : (caller.path ?? path),
      module: phase === 'handler' ? module : null,
      // A filter that has let it pass says nothing of the answer, which is still to come.
      status: phase === 'handler' || status === null || status >= 400 ? status : null,
      durationUs: Math.max(0, Math.round((Math.max(...ends) - begin) * 1_000)),
      hops: hops.length + dropped,
    };
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
      startUs: Math.round((hop.startedAt - this.#recording.begin) * 1_000),
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
      startUs: Math.round((hop.at - this.#recording.begin) * 1_000),
      durationUs: 0,
      error: hop.error,
    };
  }
}
