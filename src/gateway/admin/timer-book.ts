import type { Database } from '#database';
import type { TimerTime } from './timer-plan.ts';

/** What the control database knows of timers: times that were changed, and when each is due next. Keys are `timerKey`. */
export interface TimerBook {
  /** Changed times of all tenants. */
  times(): Promise<ReadonlyMap<string, TimerTime>>;
  /** Due times (epoch ms) of all tenants. */
  dues(): Promise<ReadonlyMap<string, number>>;
  /** Changes a time, undefined: back to the descriptor's; the due time is forgotten. */
  change(tenant: string, id: string, time: TimerTime | undefined): Promise<void>;
  /** Notes the first due time; another node's counts when it was quicker. Resolves to the one that counts. */
  begin(tenant: string, id: string, dueAt: number): Promise<number>;
  /** Takes a call that is due at `dueAt`. True: this node makes it, and the next one is due at `nextAt`. */
  claim(tenant: string, id: string, dueAt: number, nextAt: number): Promise<boolean>;
  /** Forgets a tenant. */
  forget(tenant: string): Promise<void>;
}

/** One text for a tenant's timer. */
export const timerKey = (tenant: string, id: string): string => `${tenant}\n${id}`;

type Tables = {
  gateway_timers: { tenant: string; id: string; doc: string };
  gateway_timer_runs: { tenant: string; id: string; next_at: number };
};

/** Opens the book. */
export const openTimerBook = (database: Database): TimerBook => {
  const tables = database.as<Tables>();
  const dueOf = (tenant: string, id: string) =>
    tables
      .selectFrom('gateway_timer_runs')
      .select('next_at')
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();

  return {
    times: async () => {
      const rows = await tables.selectFrom('gateway_timers').selectAll().execute();
      return new Map(rows.map(({ tenant, id, doc }) => [timerKey(tenant, id), JSON.parse(doc) as TimerTime]));
    },
    dues: async () => {
      const rows = await tables.selectFrom('gateway_timer_runs').selectAll().execute();
      return new Map(rows.map(({ tenant, id, next_at }) => [timerKey(tenant, id), next_at]));
    },
    change: (tenant, id, time) =>
      tables.transaction().execute(async (transaction) => {
        for (const table of ['gateway_timers', 'gateway_timer_runs'] as const)
          await transaction.deleteFrom(table).where('tenant', '=', tenant).where('id', '=', id).execute();
        if (time === undefined) return;
        const row = { tenant, id, doc: JSON.stringify(time) };
        await transaction.insertInto('gateway_timers').values(row).execute();
      }),
    begin: async (tenant, id, dueAt) => {
      await tables
        .insertInto('gateway_timer_runs')
        .values({ tenant, id, next_at: dueAt })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await dueOf(tenant, id))?.next_at ?? dueAt;
    },
    claim: async (tenant, id, dueAt, nextAt) => {
      const { numUpdatedRows } = await tables
        .updateTable('gateway_timer_runs')
        .set({ next_at: nextAt })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('next_at', '=', dueAt)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    forget: async (tenant) => {
      for (const table of ['gateway_timers', 'gateway_timer_runs'] as const)
        await tables.deleteFrom(table).where('tenant', '=', tenant).execute();
    },
  };
};
