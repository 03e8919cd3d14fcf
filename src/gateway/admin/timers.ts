import { type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { TenantRegistry } from '#tenants';
import { isExpired } from '#tenants';
import type { RoutingEntry } from '../descriptor-entry.ts';
import type { SystemCalls } from '../system-call.ts';
import type { PersistentStore } from './persistent-store.ts';
import { nextDue, type Timer, timersOf } from './timer-plan.ts';

/** Calls the timers of all tenants when they are due; on several nodes each call is made by one of them. */
export interface Timers extends Running {
  of(tenant: string): Promise<readonly Timer[]>;
  /** Overrides parts of a timer's routing entry for a tenant; an empty value takes the override back. False: no such timer. */
  override(tenant: string, id: string, entry: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** What timers need. */
export interface TimersDeps {
  readonly store: PersistentStore;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly database: Database;
  readonly system: SystemCalls['system'];
  readonly clock: Clock;
  readonly log: Log;
  /** How often due timers are looked for. Default 1 s. */
  readonly lookMs?: number;
}

type Tables = {
  gateway_timers: { tenant: string; id: string; doc: string };
  gateway_timer_runs: { tenant: string; id: string; next_at: number };
};

/** Starts the timers. */
export const startTimers = (deps: TimersDeps): Timers => {
  const { store, registry, clock, log, lookMs = 1_000 } = deps;
  const tables = deps.database.as<Tables>();
  const stopping = new AbortController();
  const running = new Set<string>();

  const timersIn = async (tenant: string): Promise<readonly Timer[]> => {
    const declared = store.enabledFor(tenant).flatMap((id) => {
      const module = store.descriptor(id);
      return module === undefined ? [] : timersOf(module);
    });
    if (declared.length === 0) return [];
    const rows = await tables.selectFrom('gateway_timers').selectAll().where('tenant', '=', tenant).execute();
    const overrides = new Map(rows.map(({ id, doc }) => [id, JSON.parse(doc) as Partial<RoutingEntry>]));
    return declared.map((timer) => ({
      ...timer,
      routingEntry: { ...timer.routingEntry, ...overrides.get(timer.id) },
    }));
  };

  /** True when this node is the one that makes the call now. The first sight of a timer only notes when it is due. */
  const claim = async (tenant: string, { id, routingEntry }: Timer): Promise<boolean> => {
    const now = clock.now();
    const next = nextDue(routingEntry, now);
    if (next === null) return false;
    const noted = await tables
      .selectFrom('gateway_timer_runs')
      .select('next_at')
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    if (noted === undefined) {
      const row = { tenant, id, next_at: next };
      await tables
        .insertInto('gateway_timer_runs')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return false;
    }
    if (noted.next_at > now) return false;
    const { numUpdatedRows } = await tables
      .updateTable('gateway_timer_runs')
      .set({ next_at: next })
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .where('next_at', '=', noted.next_at)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  };

  const fire = async (tenant: string, timer: Timer): Promise<void> => {
    const key = `${tenant}\n${timer.id}`;
    if (running.has(key)) return;
    running.add(key);
    const { methods = ['POST'], pathPattern, path } = timer.routingEntry;
    try {
      const call = {
        tenant,
        moduleId: timer.moduleId,
        method: methods[0] ?? 'POST',
        path: pathPattern ?? path ?? '/',
      };
      const { status } = await deps.system(call);
      if (status > 299) log.warn('timer_refused', { tenant, timer: timer.id, status });
    } catch (error) {
      log.warn('timer_failed', { tenant, timer: timer.id, err: errorText(error) });
    } finally {
      running.delete(key);
    }
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    for (const tenant of registry.current().tenants) {
      if (isExpired(tenant, now)) continue;
      for (const timer of await timersIn(tenant.id)) {
        if (await claim(tenant.id, timer)) void fire(tenant.id, timer);
      }
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
    override: async (tenant, id, entry) => {
      if (!(await timersIn(tenant)).some((timer) => timer.id === id)) return false;
      await tables.deleteFrom('gateway_timers').where('tenant', '=', tenant).where('id', '=', id).execute();
      await tables
        .deleteFrom('gateway_timer_runs')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
      if (Object.keys(entry).length > 0) {
        await tables
          .insertInto('gateway_timers')
          .values({ tenant, id, doc: JSON.stringify(entry) })
          .execute();
      }
      return true;
    },
    stop: () => {
      stopping.abort();
      return looking;
    },
  };
};
