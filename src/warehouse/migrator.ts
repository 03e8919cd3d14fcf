import type { ClickHouseClient } from '@clickhouse/client';
import { AppError, type Clock, errorText, type Log } from '#core';
import type { TenantId } from '#tenants';
import { readTableNames, readTenantTables } from './existing-tables.ts';
import { tableNames } from './identifier.ts';
import type { Layout } from './layout.ts';
import { acquireMigrationLock, type MigrationLock, type MigrationLockOptions } from './migration-lock.ts';
import {
  createMigrationRecorder,
  createRecordsTable,
  type MigrationRecord,
  type MigrationRecorder,
  readRecords,
} from './migration-records.ts';
import { MIGRATIONS } from './migrations/list.ts';
import { checksumOf, type Migration } from './migrations/migration.ts';
import { recordedRetention } from './retention.ts';
import { troubleOf } from './trouble.ts';

/** How a tenant's tables are, by what is recorded. */
export interface TenantInspection {
  readonly tenantId: TenantId;
  /** Number of the last migration when nothing is left to do; null: something is. */
  readonly version: number | null;
  /** Applied `once` migrations whose text was another one: reported, not repaired. */
  readonly changed: readonly string[];
  /** There is an events table. */
  readonly exists: boolean;
  /** Days that the events table keeps its rows, as recorded; null: for ever. */
  readonly retentionDays: number | null;
}

/** What became of one tenant. */
export type MigrationResult =
  | {
      readonly kind: 'ready';
      readonly tenantId: TenantId;
      readonly version: number;
      readonly applied: number;
    }
  | { readonly kind: 'failed'; readonly tenantId: TenantId; readonly error: AppError };

/** Brings tenants' tables up to date. */
export interface Migrator {
  /** Reads once what is recorded and what exists, for any number of tenants, and changes nothing but the bookkeeping table. */
  inspect(tenants: readonly TenantId[]): Promise<readonly TenantInspection[]>;
  /**
   * Applies what is missing, under the lock, several tenants at a time. A tenant that fails does not stop the others. Rejects only
   * when the warehouse as a whole is out of reach (`WAREHOUSE_UNAVAILABLE`) or the lock is (`WAREHOUSE_MIGRATION_LOCKED`,
   * `WAREHOUSE_MIGRATION_LOCK_LOST`); what was applied by then stays applied. Tenants in `repair` are looked at closely even when they are recorded as current.
   */
  migrate(
    tenants: readonly TenantId[],
    options?: {
      readonly repair?: ReadonlySet<TenantId>;
      readonly onResult?: (result: MigrationResult) => void;
    },
  ): Promise<readonly MigrationResult[]>;
}

/** What a migrator works with. */
export interface MigratorOptions {
  readonly client: ClickHouseClient;
  readonly layout: Layout;
  readonly clock: Clock;
  readonly log: Log;
  /** Tenants that are migrated at the same time. */
  readonly parallel: number;
  /** Default: all there are. */
  readonly migrations?: readonly Migration[];
  readonly lock?: MigrationLockOptions;
}

/** Creates a migrator. */
export const createMigrator = (options: MigratorOptions): Migrator => {
  const { client, layout, log, parallel, migrations = MIGRATIONS } = options;
  const checksums = new Map(migrations.map((migration) => [migration.number, checksumOf(migration)]));
  const last = Math.max(0, ...migrations.map((migration) => migration.number));

  const inspect: Migrator['inspect'] = async (tenants) => {
    for (const statement of createRecordsTable(layout)) await client.command({ query: statement });
    const [records, tables] = [
      await readRecords(client, tenants.length > 50 ? 'all' : tenants),
      await readTableNames(client),
    ];
    return tenants.map((tenantId): TenantInspection => {
      const exists = tables.has(tableNames(tenantId).events);
      const known = exists ? (records.get(tenantId) ?? []) : [];
      const { pending, changed } = compare(migrations, checksums, known);
      return {
        tenantId,
        version: pending.length === 0 ? last : null,
        changed,
        exists,
        retentionDays: recordedRetention(known),
      };
    });
  };

  const migrate: Migrator['migrate'] = async (tenants, { repair, onResult = () => undefined } = {}) => {
    if (tenants.length === 0) return [];
    for (const statement of createRecordsTable(layout)) await client.command({ query: statement });
    const lock = await acquireMigrationLock(options, options.lock);
    try {
      // Read under the lock: another process may have migrated them while this one waited.
      const records = await readRecords(client, tenants.length > 50 ? 'all' : tenants);
      const tables = await readTableNames(client);
      const recorder = createMigrationRecorder(client);
      const results: MigrationResult[] = [];
      await inParallel(tenants, parallel, async (tenantId) => {
        const known = tables.has(tableNames(tenantId).events) ? (records.get(tenantId) ?? []) : [];
        const { pending, changed } = compare(migrations, checksums, known);
        for (const name of changed) log.warn('migration_changed', { tenant: tenantId, migration: name });
        const todo = repair?.has(tenantId) === true ? migrations : pending;
        const result = await migrateTenant(options, {
          tenantId,
          todo,
          last,
          checksums,
          tables,
          recorder,
          lock,
        });
        results.push(result);
        onResult(result);
      });
      return results;
    } finally {
      await lock
        .release()
        .catch((error: unknown) => log.warn('migration_lock_left', { err: errorText(error) }));
    }
  };
  return { inspect, migrate };
};

/** Which migrations are still to be applied, and which applied ones read differently today. */
const compare = (
  migrations: readonly Migration[],
  checksums: ReadonlyMap<number, string>,
  records: readonly MigrationRecord[],
): { readonly pending: readonly Migration[]; readonly changed: readonly string[] } => {
  const applied = new Map(
    records.filter((record) => record.state === 'applied').map((record) => [record.number, record.checksum]),
  );
  const differs = (migration: Migration): boolean =>
    applied.has(migration.number) && applied.get(migration.number) !== checksums.get(migration.number);
  return {
    pending: migrations.filter(
      (migration) =>
        !applied.has(migration.number) || (migration.kind === 'repeatable' && differs(migration)),
    ),
    changed: migrations
      .filter((migration) => migration.kind === 'once' && differs(migration))
      .map((migration) => `${migration.number} ${migration.name}`),
  };
};

interface TenantWork {
  readonly tenantId: TenantId;
  readonly todo: readonly Migration[];
  readonly last: number;
  readonly checksums: ReadonlyMap<number, string>;
  readonly tables: ReadonlySet<string>;
  readonly recorder: MigrationRecorder;
  readonly lock: MigrationLock;
}

const migrateTenant = async (options: MigratorOptions, work: TenantWork): Promise<MigrationResult> => {
  const { client, layout, clock } = options;
  const { tenantId, todo, recorder } = work;
  const records: MigrationRecord[] = [];
  let current: Migration | undefined;
  let startedAt = clock.now();
  const recordOf = (migration: Migration, error: string): MigrationRecord => ({
    tenant: tenantId,
    number: migration.number,
    name: migration.name,
    checksum: work.checksums.get(migration.number) ?? '',
    state: error === '' ? 'applied' : 'failed',
    startedAt,
    finishedAt: Math.max(startedAt, clock.now()),
    error: error.slice(0, 1_000),
  });
  try {
    if (todo.length > 0) {
      const looks = todo.some((migration) => migration.looks === true);
      const existing = await readTenantTables(client, layout, tenantId, looks ? work.tables : new Set());
      for (const migration of todo) {
        current = migration;
        startedAt = clock.now();
        for (const query of migration.up({ tenantId, layout, existing: (name) => existing.get(name) })) {
          if (work.lock.lost.aborted)
            throw new AppError(
              'WAREHOUSE_MIGRATION_LOCK_LOST',
              `migrating ${tenantId}: another process took the lock over`,
            );
          await client.command({ query });
        }
        records.push(recordOf(migration, ''));
      }
      await recorder.record(records);
    }
    return { kind: 'ready', tenantId, version: work.last, applied: todo.length };
  } catch (error) {
    if (error instanceof AppError && error.code === 'WAREHOUSE_MIGRATION_LOCK_LOST') throw error;
    const trouble = troubleOf(error);
    if (!(error instanceof AppError) && (trouble.at === 'server' || !/^\d+$/.test(trouble.code)))
      throw unavailable(error);
    const name = current === undefined ? 'its tables' : `${current.number} ${current.name}`;
    if (current !== undefined) records.push(recordOf(current, trouble.reason));
    // The tenant is not ready either way; that this could not be written down must not hide why.
    await recorder.record(records).catch(() => undefined);
    return {
      kind: 'failed',
      tenantId,
      error: new AppError('WAREHOUSE_MIGRATION_FAILED', `migrating ${tenantId}, ${name}: ${trouble.reason}`, {
        cause: error,
        details: { tenant: tenantId, migration: current?.number ?? null, clickhouse_code: trouble.code },
      }),
    };
  }
};

const unavailable = (cause: unknown): AppError =>
  new AppError(
    'WAREHOUSE_UNAVAILABLE',
    `migrating: the warehouse cannot be reached or refuses us: ${errorText(cause)}`,
    {
      status: 503,
      cause,
    },
  );

/** Runs `work` for each item, at most `parallel` at a time. The first rejection ends it: no new items, those that run are waited for. */
const inParallel = async <T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const queue = items.values();
  let stopped = false;
  const lane = async (): Promise<void> => {
    for (const item of queue) {
      if (stopped) return;
      try {
        await work(item);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, parallel) }, lane));
  const rejected = ends.find((end) => end.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
};
