import { type Clock, errorText, type Log, type Running } from '#core';
import { isExpired, type TenantRegistry } from '#tenants';
import type { SystemCalls } from '../system-call.ts';
import type { PersistentStore } from './persistent-store.ts';
import { type TimerBook, timerKey } from './timer-book.ts';
import { nextDue, type Timer, type TimerTime, timersOf, withTime } from './timer-plan.ts';

/** Calls the timers of all tenants when they are due; on several nodes each call is made by one of them. */
export interface Timers extends Running {
  of(tenant: string): Promise<readonly Timer[]>;
  /** Changes when a timer runs for a tenant; undefined: as its descriptor says. False: no such timer. */
  change(tenant: string, id: string, time: TimerTime | undefined): Promise<boolean>;
  /** Forgets a tenant. */
  forget(tenant: string): Promise<void>;
}

/** What timers need. */
export interface TimersDeps {
  readonly store: PersistentStore;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly book: TimerBook;
  readonly system: SystemCalls['system'];
  readonly clock: Clock;
  readonly log: Log;
  /** How often due timers are looked for. Default 1 s. */
  readonly lookMs?: number;
  /** How often what other nodes have changed is read. Default 30 s. */
  readonly rereadMs?: number;
}

/** What is known of timers without asking the database: a look costs nothing while nothing is due. */
interface Agenda {
  readonly times: ReadonlyMap<string, TimerTime>;
  readonly dues: Map<string, number>;
  /** Monotonic time. */
  readonly readAt: number;
}

/** Starts the timers. */
export const startTimers = (deps: TimersDeps): Timers => {
  const { store, registry, book, clock, log, lookMs = 1_000, rereadMs = 30_000 } = deps;
  const stopping = new AbortController();
  const running = new Set<string>();
  let agenda: Agenda | null = null;

  const readAgenda = async (): Promise<Agenda> => {
    if (agenda !== null && clock.monotonic() - agenda.readAt < rereadMs) return agenda;
    const [times, dues] = await Promise.all([book.times(), book.dues()]);
    agenda = { times, dues: new Map(dues), readAt: clock.monotonic() };
    return agenda;
  };
  const declaredFor = (tenant: string): readonly Timer[] =>
    store.enabledFor(tenant).flatMap((id) => {
      const module = store.descriptor(id);
      return module === undefined ? [] : timersOf(module);
    });
  const timersIn = async (tenant: string): Promise<readonly Timer[]> => {
    const declared = declaredFor(tenant);
    if (declared.length === 0) return [];
    const times = await book.times();
    return declared.map((timer) => withTime(timer, times.get(timerKey(tenant, timer.id))));
  };

  /** True when this node is the one that makes the call now. The first sight of a timer only notes when it is due. */
  const claim = async (tenant: string, declared: Timer, { times, dues }: Agenda): Promise<boolean> => {
    const now = clock.now();
    const key = timerKey(tenant, declared.id);
    const { routingEntry } = withTime(declared, times.get(key));
    const next = nextDue(routingEntry, now);
    if (next === null) return false;
    const dueAt = dues.get(key);
    if (dueAt === undefined) {
      dues.set(key, await book.begin(tenant, declared.id, next));
      return false;
    }
    if (dueAt > now || running.has(key)) return false;
    const isOurs = await book.claim(tenant, declared.id, dueAt, next);
    if (isOurs) dues.set(key, next);
    // Another node was quicker, or the time was changed: what counts is read at the next look.
    else dues.delete(key);
    return isOurs;
  };

  const fire = async (tenant: string, { id, moduleId, routingEntry }: Timer): Promise<void> => {
    const key = timerKey(tenant, id);
    running.add(key);
    const { methods = ['POST'], pathPattern, path } = routingEntry;
    const method = methods[0] === '*' ? 'POST' : (methods[0] ?? 'POST');
    try {
      const { status } = await deps.system({ tenant, moduleId, method, path: pathPattern ?? path ?? '/' });
      if (status > 299) log.warn('timer_refused', { tenant, timer: id, status });
    } catch (error) {
      log.warn('timer_failed', { tenant, timer: id, err: errorText(error) });
    } finally {
      running.delete(key);
    }
  };

  const look = async (): Promise<void> => {
    const known = await readAgenda();
    for (const tenant of registry.current().tenants) {
      if (isExpired(tenant, clock.now())) continue;
      for (const timer of declaredFor(tenant.id))
        if (await claim(tenant.id, timer, known)) void fire(tenant.id, timer);
    }
  };
  const looking = (async () => {
    for (;;) {
      await clock.sleep(lookMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await look().catch((error: unknown) => log.warn('timers_unread', { err: errorText(error) }));
    }
  })();

  return {
    of: timersIn,
    change: async (tenant, id, time) => {
      if (!declaredFor(tenant).some((timer) => timer.id === id)) return false;
      await book.change(tenant, id, time);
      agenda = null;
      return true;
    },
    forget: async (tenant) => {
      await book.forget(tenant);
      agenda = null;
    },
    stop: () => {
      stopping.abort();
      return looking;
    },
  };
};
