import type { ClickHouseClient } from '@clickhouse/client';
import { AppError, type Clock, errorText, type Log, type Metrics, type Running } from '#core';
import type { Tenant, TenantId, TenantRegistry } from '#tenants';
import { layoutOf } from './layout.ts';
import type { MigrationLockOptions } from './migration-lock.ts';
import type { Migration } from './migrations/migration.ts';
import { createMigrator, type MigrationResult } from './migrator.ts';
import { applyRetention } from './retention.ts';
import { createTableStates, type TenantTableState } from './table-states.ts';

/** How far a run over many tenants is. */
export interface MigrationProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
}

/** Keeps every tenant's tables in being and up to date. */
export interface TenantTables extends Running {
  /**
   * Looks once at all tenants of the users map: those that are current are ready at once, the others are migrated. Follows the map
   * from then on, and tries failed tenants again with back-off. Resolves when each has been migrated or has failed once; never
   * rejects for a tenant or a warehouse that fails.
   */
  start(onProgress?: (progress: MigrationProgress) => void): Promise<void>;
  /**
   * Resolves when the tenant's tables are ready: at once when they are known to be. Rejects with the error that `state` then shows
   * (`WAREHOUSE_MIGRATION_FAILED`, `WAREHOUSE_UNAVAILABLE`, …), at once while the next try is not due.
   */
  ensure(tenant: Tenant): Promise<'ready'>;
  state(tenantId: TenantId): TenantTableState;
  /** Looks closely at these tenants and applies what is missing, whatever was known; resolves with what became of each. */
  migrateAll(
    tenants: readonly Tenant[],
    onProgress?: (progress: MigrationProgress) => void,
  ): Promise<readonly MigrationResult[]>;
  /** Has this tenant tables? Asks the server: for tenants that are no longer in the users map, whose tables are not made again. */
  exists(tenantId: TenantId): Promise<boolean>;
  /** A table was found missing or altered: the next `ensure` looks closely and repairs it. */
  forget(tenantId: TenantId): void;
}

/** What the tables of tenants depend on. */
export interface TenantTablesOptions {
  readonly client: ClickHouseClient;
  /** The users map: tenants with a trace get tables. */
  readonly registry: Pick<TenantRegistry, 'current' | 'onChange'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Tenants that are migrated at the same time. */
  readonly parallel: number;
  /** Name of the ClickHouse cluster; empty: one server. */
  readonly cluster?: string;
  /** Default: all there are. */
  readonly migrations?: readonly Migration[];
  readonly lock?: MigrationLockOptions;
  /** First and longest wait before a failed tenant is tried again, ms. Default 5 s and 5 min; it doubles in between. */
  readonly retry?: { readonly firstMs: number; readonly longestMs: number };
}

/** Tenants that are migrated under one hold of the lock, so that a tenant that is needed now does not wait for a thousand. */
const BATCH_TENANTS = 64;

/** Creates the keeper of all tenants' tables; nothing happens before `start`, `ensure` or `migrateAll`. */
export const createTenantTables = (options: TenantTablesOptions): TenantTables => {
  const { client, registry, clock } = options;
  const log = options.log.child('warehouse');
  const layout = layoutOf(options.cluster ?? '');
  const migrator = createMigrator({ ...options, layout, log });
  const states = createTableStates(options);
  /** Days that the table of a ready tenant keeps its rows. */
  const retentions = new Map<TenantId, number | null>();
  const forgotten = new Set<TenantId>();
  const wanted = new Map<TenantId, { tenant: Tenant; waiters: ((result: MigrationResult) => void)[] }>();
  const retryEveryMs = options.retry?.firstMs ?? 5_000;
  const ended = new AbortController();
  let running: Promise<void> | undefined;
  let retrying: Promise<void> | undefined;
  let unfollow = (): void => undefined;

  const isCurrent = (tenantId: TenantId): boolean =>
    states.get(tenantId).kind === 'ready' && !forgotten.has(tenantId);

  const enqueue = (tenant: Tenant): Promise<MigrationResult> =>
    new Promise((resolve) => {
      const waiters = wanted.get(tenant.id)?.waiters ?? [];
      wanted.set(tenant.id, { tenant, waiters: [...waiters, resolve] });
      if (!isCurrent(tenant.id)) states.migrating(tenant.id);
      work();
    });

  /** Works until nothing is wanted, then sees to the retries; there is one worker at a time. */
  const work = (): void => {
    running ??= run().finally(() => {
      running = undefined;
      // Wanted after the last look, before this line.
      if (wanted.size > 0) return work();
      if (states.retryAt() !== null && !ended.signal.aborted)
        retrying ??= retry().finally(() => (retrying = undefined));
    });
  };

  const run = async (): Promise<void> => {
    // Those who are enqueued in the same turn share a batch.
    await Promise.resolve();
    while (wanted.size > 0) {
      const batch = new Map([...wanted].slice(0, BATCH_TENANTS));
      for (const id of batch.keys()) wanted.delete(id);
      const answer = (result: MigrationResult): void => {
        for (const resolve of batch.get(result.tenantId)?.waiters ?? []) resolve(result);
      };
      await migrateBatch([...batch.keys()], answer);
      for (const { tenant } of batch.values()) await keepRetention(tenant);
    }
  };

  const migrateBatch = async (
    ids: readonly TenantId[],
    answer: (result: MigrationResult) => void,
  ): Promise<void> => {
    const left = new Set<TenantId>();
    for (const tenantId of ids) {
      const state = states.get(tenantId);
      if (state.kind === 'ready' && !forgotten.has(tenantId))
        answer({ kind: 'ready', tenantId, version: state.version, applied: 0 });
      else left.add(tenantId);
    }
    const settle = (result: MigrationResult): void => {
      left.delete(result.tenantId);
      if (result.kind === 'ready') forgotten.delete(result.tenantId);
      states.settle(result);
      answer(result);
    };
    try {
      if (ended.signal.aborted) throw new AppError('WAREHOUSE_STOPPED', 'migrating: the process is stopping');
      await migrator.migrate([...left], {
        repair: new Set([...left].filter((id) => forgotten.has(id))),
        onResult: (result) => {
          if (result.kind === 'failed')
            log.error('migration_failed', { tenant: result.tenantId, err: errorText(result.error) });
          settle(result);
        },
      });
    } catch (thrown) {
      const error = asAppError(thrown);
      // One line for all of them: it is the warehouse's trouble, not theirs.
      log.error('migrations_interrupted', { tenants: left.size, code: error.code, err: errorText(error) });
      for (const tenantId of left) settle({ kind: 'failed', tenantId, error });
    }
  };

  const keepRetention = async (tenant: Tenant): Promise<void> => {
    if (!isCurrent(tenant.id) || (retentions.get(tenant.id) ?? null) === tenant.retentionDays) return;
    try {
      if (await applyRetention(client, tenant.id, tenant.retentionDays, layout))
        log.info('retention_changed', { tenant: tenant.id, days: tenant.retentionDays });
      retentions.set(tenant.id, tenant.retentionDays);
      states.quiet(tenant.id);
    } catch (error) {
      log.warn('retention_not_changed', { tenant: tenant.id, err: errorText(error) });
      states.retryLater(tenant.id);
    }
  };

  const retry = async (): Promise<void> => {
    for (let at = states.retryAt(); at !== null && !ended.signal.aborted; at = states.retryAt()) {
      // Not all the way: a tenant that fails meanwhile may be due earlier.
      const waitMs = Math.min(at - clock.now(), retryEveryMs);
      if (waitMs > 0) await clock.sleep(waitMs, ended.signal);
      if (ended.signal.aborted) return;
      const due = states.takeDue().flatMap((id) => registry.current().byId(id) ?? []);
      await Promise.all(due.map(enqueue));
    }
  };

  const follow = (tenants: readonly Tenant[]): void => {
    const listed = new Set<TenantId>(tenants.map((tenant) => tenant.id));
    for (const id of states.known()) if (!listed.has(id)) states.remove(id);
    for (const tenant of tenants.filter(hasBeacons)) {
      const isNew = states.get(tenant.id).kind === 'unknown';
      if (isNew || (isCurrent(tenant.id) && (retentions.get(tenant.id) ?? null) !== tenant.retentionDays))
        void enqueue(tenant);
    }
  };

  const all = async (
    tenants: readonly Tenant[],
    onProgress: (progress: MigrationProgress) => void,
  ): Promise<readonly MigrationResult[]> => {
    let [done, failed] = [0, 0];
    return Promise.all(
      tenants.map(async (tenant) => {
        const result = await enqueue(tenant);
        done += 1;
        if (result.kind === 'failed') failed += 1;
        onProgress({ done, total: tenants.length, failed });
        return result;
      }),
    );
  };

  return {
    start: async (onProgress = () => undefined) => {
      const tenants = registry.current().tenants.filter(hasBeacons);
      unfollow = registry.onChange((next) => follow(next.tenants));
      try {
        for (const found of await migrator.inspect(tenants.map((tenant) => tenant.id))) {
          for (const name of found.changed)
            log.warn('migration_changed', { tenant: found.tenantId, migration: name });
          if (found.version === null || states.get(found.tenantId).kind !== 'unknown') continue;
          states.settle({ kind: 'ready', tenantId: found.tenantId, version: found.version, applied: 0 });
          retentions.set(found.tenantId, found.retentionDays);
        }
      } catch (error) {
        // The same trouble meets the migrations below, which are tried again.
        log.warn('tables_not_inspected', { err: errorText(error) });
      }
      const left = tenants.filter(
        (tenant) => !isCurrent(tenant.id) || (retentions.get(tenant.id) ?? null) !== tenant.retentionDays,
      );
      await all(left, onProgress);
      log.info('tables_checked', { tenants: tenants.length, migrated: left.length });
    },
    ensure: async (tenant) => {
      if (isCurrent(tenant.id)) return 'ready';
      const state = states.get(tenant.id);
      if (state.kind === 'failed' && clock.now() < state.retryAt) throw state.error;
      const result = await enqueue(tenant);
      if (result.kind === 'failed') throw result.error;
      return 'ready';
    },
    state: (tenantId) => states.get(tenantId),
    migrateAll: (tenants, onProgress = () => undefined) => {
      for (const tenant of tenants) forgotten.add(tenant.id);
      return all(tenants, onProgress);
    },
    exists: async (tenantId) => {
      if (isCurrent(tenantId)) return true;
      const [found] = await migrator.inspect([tenantId]);
      return found?.exists === true;
    },
    forget: (tenantId) => {
      forgotten.add(tenantId);
      states.remove(tenantId);
    },
    stop: async () => {
      unfollow();
      ended.abort();
      while (running !== undefined) await running;
      await retrying;
    },
  };
};

const hasBeacons = (tenant: Tenant): boolean => tenant.traces.length > 0;

const asAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('WAREHOUSE_UNAVAILABLE', `migrating: the warehouse cannot be used: ${errorText(error)}`, {
        status: 503,
        cause: error,
      });
