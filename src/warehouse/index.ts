// Opening the warehouse: a server by its address, or the embedded engine.
export {
  createWarehouseClient,
  openWarehouse,
  type Warehouse,
  type WarehouseConnection,
  type WarehouseOptions,
} from './client.ts';
export { takesData } from './engine/statement.ts';

// The read-only door for Grafana and SQL tools.
export { createSqlDoor, SQL_DOOR_PREFIX, type SqlDoor, type SqlDoorOptions } from './sql-door/door.ts';
export type { SqlDoorLimits } from './sql-door/settings.ts';

// The tables: what they look like.
export {
  type Column,
  type ColumnType,
  type ColumnValue,
  EVENT_COLUMNS,
  type EventColumnName,
  type EventRow,
  HOSTNAME_COLUMNS,
} from './schema.ts';
export { type BlockMemory, createBlockMemory } from './event-rows/block-memory.ts';
export type { DraftRow } from './event-rows/row-cursor.ts';
export {
  createEventRowWriter,
  type EventRowRef,
  type EventRowWriter,
  viewOfRow,
} from './event-rows/row-writer.ts';
export { nativeBlock } from './event-rows/native-block.ts';
export { quoteIdentifier, quoteText, tableNames, type TenantTableNames } from './identifier.ts';
export { type Layout, layoutOf } from './layout.ts';
export { PAGE_VIEW_COLUMNS, type PageViewColumn } from './page-view-columns.ts';
export { narrowPageViewsSelect } from './narrow-page-views.ts';
export { PAGE_VIEW_REACH_SECONDS, pageViewsSelect, type PageViewsOptions } from './page-views.ts';

// The page views as reports read them.
export {
  type BucketColumn,
  type Dimension,
  type FactColumn,
  ROLLUP_BUCKETS,
  ROLLUP_COLUMNS,
  ROLLUP_DIMENSIONS,
  type RollupColumn,
  viewHash,
} from './rollup/columns.ts';
export { createRollup, type Rollup, type RollupOptions, type RollupStatus } from './rollup/filler.ts';
export { createLiveCopies, type LiveCopies, type LiveCopiesOptions } from './rollup/live-copies.ts';
export {
  type LookedAt,
  openViews,
  type Period,
  type Views,
  type ViewsOptions,
  type ViewsSource,
} from './rollup/views.ts';

// The tables of each tenant: created, migrated, adopted, retained, removed.
export {
  createTenantTables,
  type MigrationProgress,
  type TenantTables,
  type TenantTablesOptions,
} from './tables.ts';
export type { TenantTableState } from './table-states.ts';
export type { MigrationResult } from './migrator.ts';
export { MIGRATIONS } from './migrations/list.ts';
export { type MigrationRecord, readRecords } from './migration-records.ts';
export { applyRetention } from './retention.ts';
export { dropTenantData } from './drop-tenant.ts';
export { removeRows } from './remove-rows.ts';

// The loader's door.
export {
  type InsertBatch,
  type InsertOptions,
  type InsertOutcome,
  type InsertTrouble,
  insertRows,
} from './insert.ts';
export { countBatch, existingPositions, type PositionRange, type RowPosition } from './positions.ts';
export { type InsertSelection, waitUntilNoInsertRuns } from './running-inserts.ts';
export { createHostnameNotes, type HostnameNotes, MAX_HOSTNAMES, upsertHostnames } from './hostnames.ts';
export { type Probe, probe } from './probe.ts';
export { type Trouble, troubleOf } from './trouble.ts';
