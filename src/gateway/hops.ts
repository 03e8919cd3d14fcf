import type { Clock } from '#core';
import { RecordedTrace } from './recorded-trace.ts';
import type { Trace, TraceBeginning, TraceQuestion, TraceRecorder, TraceSummary } from './trace.ts';

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
  const ring: (RecordedTrace | undefined)[] = Array.from({ length: options.maxTraces });
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
  const lookFor = (requestId: string): RecordedTrace | null => {
    for (let back = 1; back <= ring.length; back += 1) {
      const trace = ring[(next - back + ring.length) % ring.length];
      if (trace === undefined) return null;
      if (trace.requestId === requestId) return trace;
    }
    return null;
  };
  return {
    begin: (requestId, caller) => {
      const trace = new RecordedTrace(requestId, clock, caller, options.maxHopsPerTrace);
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
