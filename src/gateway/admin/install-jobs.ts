import type { Clock } from '#core';
import type { Database } from '#database';
import type { StepProgress } from './install.ts';

/** An install that goes on after its answer, as clients see it. */
export interface InstallJob {
  readonly id: string;
  readonly complete: boolean;
  readonly startDate: string;
  readonly endDate?: string;
  readonly modules: readonly (Omit<StepProgress, 'stage'> & { readonly stage?: StepProgress['stage'] })[];
}

/** The jobs of all tenants, kept in the control database. */
export interface InstallJobs {
  of(tenant: string): Promise<readonly InstallJob[]>;
  find(tenant: string, id: string): Promise<InstallJob | undefined>;
  /** Writes the job as it is now, and that its process lives. */
  save(tenant: string, job: InstallJob): Promise<void>;
  remove(tenant: string, id: string): Promise<void>;
  /** Forgets the tenant. */
  forget(tenant: string): Promise<void>;
  /** Says again and again that the job goes on, until the promise is settled. */
  keepAlive(tenant: string, id: string, work: Promise<unknown>): Promise<void>;
}

/** A job whose process has not said for so long that it goes on, does not. */
const DEAD_AFTER_MS = 60_000;
const ALIVE_MS = 10_000;

type Tables = { gateway_jobs: { tenant: string; id: string; doc: string; alive_at: number } };

/** Opens the jobs. */
export const openInstallJobs = (database: Database, clock: Clock): InstallJobs => {
  const tables = database.as<Tables>();
  const read = ({ doc, alive_at }: { doc: string; alive_at: number }): InstallJob => {
    const job = JSON.parse(doc) as InstallJob;
    if (job.complete || clock.now() - alive_at < DEAD_AFTER_MS) return job;
    const message = 'interrupted: the process that carried it out has ended';
    return {
      ...job,
      complete: true,
      endDate: new Date(alive_at).toISOString(),
      modules: job.modules.map((step) =>
        step.stage === 'done' || step.message !== undefined ? step : { ...step, message },
      ),
    };
  };
  const jobsOf = async (tenant: string): Promise<readonly InstallJob[]> => {
    const rows = await tables.selectFrom('gateway_jobs').selectAll().where('tenant', '=', tenant).execute();
    return rows.map(read).toSorted((a, b) => (a.startDate < b.startDate ? -1 : 1));
  };

  return {
    of: jobsOf,
    find: async (tenant, id) => (await jobsOf(tenant)).find((job) => job.id === id),
    save: async (tenant, job) => {
      const row = { doc: JSON.stringify(job), alive_at: clock.now() };
      await tables
        .insertInto('gateway_jobs')
        .values({ tenant, id: job.id, ...row })
        .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
        .execute();
    },
    remove: async (tenant, id) => {
      await tables.deleteFrom('gateway_jobs').where('tenant', '=', tenant).where('id', '=', id).execute();
    },
    forget: async (tenant) => {
      await tables.deleteFrom('gateway_jobs').where('tenant', '=', tenant).execute();
    },
    keepAlive: async (tenant, id, work) => {
      const ended = new AbortController();
      const end = (): void => ended.abort();
      work.then(end, end);
      for (;;) {
        await clock.sleep(ALIVE_MS, ended.signal);
        if (ended.signal.aborted) return;
        await tables
          .updateTable('gateway_jobs')
          .set({ alive_at: clock.now() })
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .execute();
      }
    },
  };
};
