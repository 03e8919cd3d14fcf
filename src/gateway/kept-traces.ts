import type { Entry } from './entry.ts';
import { RecordedTrace } from './recorded-trace.ts';
import type { CalledHop, RefusedHop, TraceBeginning, TracedContext } from './trace.ts';

/**
 * Slots for traces, in columns, to be read back when somebody asks, which is rare. A request's trace as objects is 700 bytes that outlive two small collections and wait
 * for a large one, and they teach V8 to make their like among the old ones at once: an eighth of what a request in process costs (`npm run bench -- gateway`). In columns
 * nothing of an ordinary request lives on but its texts.
 */
export interface KeptTraces {
  /** Begins a trace in a slot, in the place of what is there. Times: epoch ms and monotonic ms. */
  begin(slot: number, requestId: string, startedAt: number, begin: number, caller: TraceBeginning): void;
  add(slot: number, hop: CalledHop | RefusedHop): void;
  /** Null: the slot is empty. */
  read(slot: number): RecordedTrace | null;
  requestId(slot: number): string | null;
  /** Epoch ms; of an empty slot nothing in particular. */
  startedAt(slot: number): number;
  clear(slot: number): void;
}

/** Hops of a slot that are in columns: an auth filter, two others and a handler. All others are kept as they come. */
const mostHops = 4;
/** Numbers of a trace: start on both clocks, hops in columns, hops that were not kept. */
const ofTrace = 4;
/** Numbers of a hop: start, end, status (0: no answer). */
const ofHop = 3;
const numbersOfSlot = ofTrace + mostHops * ofHop;

/** Creates empty slots. Hops of a trace past `maxHops` are counted alone. */
export const createKeptTraces = (slots: number, maxHops: number): KeptTraces => {
  const columns: null[][] = [];
  const column = <T>(): (T | null)[] => {
    const made = Array.from({ length: slots }, () => null);
    columns.push(made);
    return made;
  };
  const requestIds = column<string>();
  const userIds = column<string>();
  const homes = column<string>();
  const paths = column<string>();
  const methods = column<string>();
  const origins = column<string>();
  const requested = column<string>();
  const tenants = column<string>();
  const relations = column<string>();
  const rules = column<string>();
  const actors = column<readonly string[]>();
  const others = column<(CalledHop | RefusedHop)[]>();
  const entries: (Entry | null)[] = Array.from({ length: slots * mostHops }, () => null);
  const numbers = new Float64Array(slots * numbersOfSlot);

  const takeContext = (slot: number, { context, method }: CalledHop): void => {
    methods[slot] = method;
    origins[slot] = context.originTenant;
    requested[slot] = context.requestedTenant;
    tenants[slot] = context.tenant;
    relations[slot] = context.relation;
    rules[slot] = context.rule;
    actors[slot] = context.actors;
  };

  /** Is it a call for the request itself, in the same context as those before? */
  const isOrdinary = (slot: number, hop: CalledHop): boolean => {
    const { context } = hop;
    return (
      hop.error === null &&
      context.requestId === requestIds[slot] &&
      context.tenant === tenants[slot] &&
      context.originTenant === origins[slot] &&
      context.requestedTenant === requested[slot] &&
      context.relation === relations[slot] &&
      context.rule === rules[slot] &&
      context.actors === actors[slot] &&
      hop.method === methods[slot]
    );
  };

  const add = (slot: number, hop: CalledHop | RefusedHop): void => {
    const at = slot * numbersOfSlot;
    const inColumns = numbers[at + 2] ?? 0;
    if (inColumns + (others[slot]?.length ?? 0) >= maxHops) {
      numbers[at + 3] = (numbers[at + 3] ?? 0) + 1;
      return;
    }
    // All that follows one that is kept as it came is kept so, too: in their order.
    if ('context' in hop && inColumns < mostHops && others[slot] === null) {
      if (inColumns === 0) takeContext(slot, hop);
      if (isOrdinary(slot, hop)) {
        entries[slot * mostHops + inColumns] = hop.entry;
        const place = at + ofTrace + inColumns * ofHop;
        numbers[place] = hop.startedAt;
        numbers[place + 1] = hop.endedAt;
        numbers[place + 2] = hop.status ?? 0;
        numbers[at + 2] = inColumns + 1;
        return;
      }
    }
    (others[slot] ??= []).push(hop);
  };

  const hopsInColumns = (slot: number, requestId: string): readonly CalledHop[] => {
    const context: TracedContext = {
      requestId,
      originTenant: origins[slot] ?? '',
      requestedTenant: requested[slot] ?? '',
      tenant: tenants[slot] ?? '',
      relation: relations[slot] ?? null,
      rule: rules[slot] ?? '',
      actors: actors[slot] ?? [],
    };
    const from = slot * mostHops;
    const called = entries.slice(from, from + (numbers[slot * numbersOfSlot + 2] ?? 0));
    return called.flatMap((entry, index) => {
      const place = slot * numbersOfSlot + ofTrace + index * ofHop;
      const [startedAt = 0, endedAt = 0, status = 0] = numbers.subarray(place, place + ofHop);
      if (entry === null) return [];
      const method = methods[slot] ?? '';
      return [
        { context, entry, method, status: status === 0 ? null : status, startedAt, endedAt, error: null },
      ];
    });
  };

  return {
    begin: (slot, requestId, startedAt, begin, caller) => {
      requestIds[slot] = requestId;
      userIds[slot] = caller.userId;
      homes[slot] = caller.originTenant;
      paths[slot] = caller.path ?? null;
      others[slot] = null;
      const at = slot * numbersOfSlot;
      numbers[at] = startedAt;
      numbers[at + 1] = begin;
      numbers[at + 2] = 0;
      numbers[at + 3] = 0;
    },
    add,
    read: (slot) => {
      const requestId = requestIds[slot] ?? null;
      if (requestId === null) return null;
      const path = paths[slot] ?? null;
      const caller = { userId: userIds[slot] ?? null, originTenant: homes[slot] ?? null };
      const at = slot * numbersOfSlot;
      return new RecordedTrace({
        requestId,
        startedAt: numbers[at] ?? 0,
        begin: numbers[at + 1] ?? 0,
        caller: path === null ? caller : { ...caller, path },
        hops: [...hopsInColumns(slot, requestId), ...(others[slot] ?? [])],
        dropped: numbers[at + 3] ?? 0,
      });
    },
    requestId: (slot) => requestIds[slot] ?? null,
    startedAt: (slot) => numbers[slot * numbersOfSlot] ?? 0,
    clear: (slot) => {
      for (const texts of columns) texts[slot] = null;
      entries.fill(null, slot * mostHops, (slot + 1) * mostHops);
    },
  };
};
