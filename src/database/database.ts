import { DatabaseSync } from 'node:sqlite';
import { Kysely, Migrator, type MigrationResult, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import { AppError, errorText, type Running } from '#core';
import { sqliteForKysely } from './sqlite.ts';
import type { TableMigration } from './tables.ts';

/** Where the control database is, and what it must hold. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name`, or empty for SQLite. */
  readonly url: string;
  /** Path of the SQLite file; used when `url` is empty. */
  readonly path: string;
  /** Tables of everybody who keeps something here. Applied once, in the order of their names. */
  readonly migrations: readonly TableMigration[];
}

/**
 * The control database: users, permissions, configuration, notes, module registry. Portable types only, so that the same SQL runs on both: `text`,
 * `integer` (0 and 1 for booleans), `bigint` for epoch milliseconds, JSON as `text`.
 */
export interface Database extends Running {
  readonly kind: 'sqlite' | 'postgres';
  /** The query builder, typed with the tables that the caller knows. */
  as<Tables>(): Kysely<Tables>;
}

/**
 * Opens the control database and brings its tables up to date. Several processes may do so at once: migrations are locked.
 * Errors: `DATABASE_UNREACHABLE`, `DATABASE_MIGRATION_FAILED` (the name of the migration and the reason).
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const kind = options.url === '' ? 'sqlite' : 'postgres';
  const kysely = new Kysely<unknown>({
    dialect: kind === 'sqlite' ? openSqlite(options.path) : openPostgres(options.url),
  });
  try {
    await migrate(kysely, options.migrations);
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return {
    kind,
    as: <Tables>() => kysely as unknown as Kysely<Tables>,
    stop: () => (stopped ??= kysely.destroy()),
  };
};

/** The version of the PostgreSQL at an address; makes and changes nothing there. Errors: those of the driver. */
export const probeDatabase = async (url: string): Promise<string> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
};

/** Statements here take milliseconds. */
const QUERY_TIMEOUT_MS = 30_000;

const openSqlite = (path: string): SqliteDialect => {
  const file = new DatabaseSync(path, { timeout: 5_000 });
  // WAL lets readers go on while one writes; FULL makes a committed write survive a power loss.
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  return new SqliteDialect({ database: sqliteForKysely(file) });
};

const openPostgres = (url: string): PostgresDialect => {
  const types = new pg.TypeOverrides();
  // int8 holds epoch milliseconds and counts here, which a JavaScript number holds exactly.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    // A connection that says nothing any more must not hold the requests of every module.
    query_timeout: QUERY_TIMEOUT_MS,
    types,
  });
  // A lost idle connection is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
};

const migrate = async (kysely: Kysely<unknown>, migrations: readonly TableMigration[]): Promise<void> => {
  const migrator = new Migrator({
    db: kysely,
    allowUnorderedMigrations: true,
    provider: {
      getMigrations: () =>
        Promise.resolve(Object.fromEntries(migrations.map(({ name, up }) => [name, { up }] as const))),
    },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result: MigrationResult) => result.status === 'Error');
  if (failed === undefined) {
    throw new AppError('DATABASE_UNREACHABLE', `opening the control database: ${errorText(error)}`, {
      cause: error,
    });
  }
  throw new AppError(
    'DATABASE_MIGRATION_FAILED',
    `migration ${failed.migrationName} of the control database: ${errorText(error)}`,
    { cause: error },
  );
};
