// From the journal to the archive and to the tables of the tenants, each beacon exactly once.
export { type LoaderWorker, type LoaderWorkerDeps, startLoaderWorker } from './worker.ts';
export { type LoaderDeps, startLoader } from './start-loader.ts';
export type { BeaconOptions, LoaderOptions } from './loader-options.ts';
export type { Rounds } from './rounds.ts';
export type { LaggingTenant, LoaderStatus } from './status.ts';
export type { EncodeBeacon, RowOutcome } from './ports.ts';

// The way into the tables, for beacons that do not come from the journal (replay).
export { createSettle, type Settlement } from './settle.ts';
export { createGate } from './gate.ts';
export { createInsertBudget } from './budget.ts';
export { createHostnameWriter, type HostnameWriter } from './hostname-writer.ts';
export { createTablesPort, createWarehousePort } from './warehouse-ports.ts';
export type { TablesPort, WarehousePort } from './ports.ts';
export { compareWithTable, rangeOf, type Row } from './rows.ts';
export { openQuarantine, type QuarantinedBeacon } from './quarantine.ts';
export { emptyState, type LoaderState, parseState } from './state.ts';
export { type BeaconEncoder, openBeaconEncoder } from './beacon-encoder.ts';
