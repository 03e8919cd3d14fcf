// The control database: SQLite embedded, PostgreSQL when several nodes share it.
export { type Database, type DatabaseOptions, openDatabase, probeDatabase } from './database.ts';
export { tableMigration, type TableMigration } from './tables.ts';
