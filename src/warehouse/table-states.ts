import type { AppError, Clock, Metrics } from '#core';
import type { TenantId } from '#tenants';
import type { MigrationResult } from './migrator.ts';

/** The tables of a tenant, as this process knows them without asking the server. `unknown`: never looked at. */
export type TenantTableState =
  | { readonly kind: 'ready'; readonly version: number }
  | { readonly kind: 'migrating' }
  | { readonly kind: 'failed'; readonly error: AppError; readonly retryAt: number }
  | { readonly kind: 'unknown' };

/** What is known about the tables of each tenant, and who is to be tried again when. */
export interface TableStates {
  get(tenantId: TenantId): TenantTableState;
  known(): readonly TenantId[];
  migrating(tenantId: TenantId): void;
  settle(result: MigrationResult): void;
  remove(tenantId: TenantId): void;
  /** Something besides the migrations did not work (retention): look at this tenant again after a wait. */
  retryLater(tenantId: TenantId): void;
  /** That works now. */
  quiet(tenantId: TenantId): void;
  /** Epoch ms of the next try; null: none is needed. */
  retryAt(): number | null;
  /** Tenants whose next try is due; each is given out once. */
  takeDue(): readonly TenantId[];
}

/** What the states depend on. */
export interface TableStatesOptions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly retry?: { readonly firstMs: number; readonly longestMs: number };
}

/** Creates an empty set of states. */
export const createTableStates = ({ clock, metrics, retry }: TableStatesOptions): TableStates => {
  const { firstMs, longestMs } = retry ?? { firstMs: 5_000, longestMs: 300_000 };
  const states = new Map<TenantId, TenantTableState>();
  const failures = new Map<TenantId, number>();
  const retries = new Map<TenantId, number>();
  const tenants = metrics.gauge('rumbrella_warehouse_tenants', 'Tenants by the state of their tables', [
    'state',
  ]);
  const migrations = metrics.counter('rumbrella_warehouse_migrations_total', 'Tenants migrated, by result', [
    'result',
  ]);

  const get = (tenantId: TenantId): TenantTableState => states.get(tenantId) ?? { kind: 'unknown' };
  const set = (tenantId: TenantId, state: TenantTableState): void => {
    const before = get(tenantId).kind;
    if (before !== 'unknown') tenants.dec({ state: before });
    if (state.kind === 'unknown') states.delete(tenantId);
    else {
      states.set(tenantId, state);
      tenants.inc({ state: state.kind });
    }
  };
  const retryLater = (tenantId: TenantId): number => {
    const count = (failures.get(tenantId) ?? 0) + 1;
    failures.set(tenantId, count);
    const at = clock.now() + Math.min(longestMs, firstMs * 2 ** Math.min(count - 1, 30));
    retries.set(tenantId, at);
    return at;
  };
  const quiet = (tenantId: TenantId): void => {
    failures.delete(tenantId);
    retries.delete(tenantId);
  };
  return {
    get,
    known: () => [...states.keys()],
    migrating: (tenantId) => set(tenantId, { kind: 'migrating' }),
    settle: (result) => {
      if (result.kind === 'ready') {
        set(result.tenantId, { kind: 'ready', version: result.version });
        quiet(result.tenantId);
        if (result.applied > 0) migrations.inc({ result: 'ready' });
      } else {
        const retryAt = retryLater(result.tenantId);
        set(result.tenantId, { kind: 'failed', error: result.error, retryAt });
        migrations.inc({ result: 'failed' });
      }
    },
    remove: (tenantId) => {
      set(tenantId, { kind: 'unknown' });
      quiet(tenantId);
    },
    retryLater,
    quiet,
    retryAt: () => (retries.size === 0 ? null : Math.min(...retries.values())),
    takeDue: () => {
      const now = clock.now();
      const due = [...retries].filter(([, at]) => at <= now).map(([tenantId]) => tenantId);
      for (const tenantId of due) retries.delete(tenantId);
      return due;
    },
  };
};
