import type { Clock } from '#core';
import { createKeptTraces, type KeptTraces } from './kept-traces.ts';
import type {
  CalledHop,
  RefusedHop,
  Trace,
  TraceBeginning,
  TraceQuestion,
  TraceRecorder,
  TraceSummary,
} from './trace.ts';

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
  const { maxTraces, maxHopsPerTrace, keepMs } = options;
  // A ring alone: every request writes into it, and hardly any is looked for. A Map beside it would cost each request three
  // accesses to cold memory.
  const kept = createKeptTraces(maxTraces, maxHopsPerTrace);
  let next = 0;
  let oldest = 0;
  const slotBefore = (back: number): number => (next - back + maxTraces) % maxTraces;
  const forgetExpired = (now: number): void => {
    while (kept.requestId(oldest) !== null && now - kept.startedAt(oldest) >= keepMs) {
      kept.clear(oldest);
      oldest = (oldest + 1) % maxTraces;
    }
  };
  /** From the newest backwards, so that a request under way is found at once. */
  const slotOf = (requestId: string): number | null => {
    for (let back = 1; back <= maxTraces; back += 1) {
      const slot = slotBefore(back);
      const id = kept.requestId(slot);
      if (id === requestId) return slot;
      if (id === null) return null;
    }
    return null;
  };
  return {
    begin: (requestId, caller) => {
      const startedAt = clock.now();
      const slot = next;
      const recorder = new Recorder(kept, slot, requestId);
      if (maxTraces === 0) return recorder;
      if (kept.requestId(slot) !== null) oldest = (slot + 1) % maxTraces;
      kept.begin(slot, requestId, startedAt, clock.monotonic(), caller);
      next = (slot + 1) % maxTraces;
      // Looking at the oldest touches cold memory, so not every time.
      if (next % 64 === 0) forgetExpired(startedAt);
      return recorder;
    },
    recorder: (requestId) => {
      const slot = slotOf(requestId);
      return slot === null ? null : new Recorder(kept, slot, requestId);
    },
    find: (requestId) => {
      forgetExpired(clock.now());
      for (let id = requestId; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf(';')))) {
        const slot = slotOf(id);
        if (slot !== null) return kept.read(slot)?.render() ?? null;
      }
      return null;
    },
    recent: (question) => {
      forgetExpired(clock.now());
      const found: TraceSummary[] = [];
      for (let back = 1; back <= maxTraces && found.length < question.limit; back += 1) {
        const trace = kept.read(slotBefore(back));
        if (trace === null) break;
        const summary = trace.summary();
        if (summary !== null && fits(summary, question)) found.push(summary);
      }
      return found;
    },
  };
};

/** Writes into a slot as long as it is its own: when there were too many requests meanwhile, another one has it. */
class Recorder implements TraceRecorder {
  readonly requestId: string;
  readonly #kept: KeptTraces;
  readonly #slot: number;

  constructor(kept: KeptTraces, slot: number, requestId: string) {
    this.#kept = kept;
    this.#slot = slot;
    this.requestId = requestId;
  }
  called(hop: CalledHop): void {
    if (this.#isOwn()) this.#kept.add(this.#slot, hop);
  }
  refused(hop: RefusedHop): void {
    if (this.#isOwn()) this.#kept.add(this.#slot, hop);
  }
  lines(requestId: string): readonly string[] {
    return this.#isOwn() ? (this.#kept.read(this.#slot)?.lines(requestId) ?? []) : [];
  }
  #isOwn(): boolean {
    return this.#kept.requestId(this.#slot) === this.requestId;
  }
}

const fits = ({ tenants, path, status }: TraceSummary, question: TraceQuestion): boolean =>
  (question.tenant === undefined || Object.values(tenants).includes(question.tenant)) &&
  (question.path === undefined || path.startsWith(question.path)) &&
  (question.minStatus === undefined || (status ?? 0) >= question.minStatus);
