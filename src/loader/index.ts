// From the journal to the archive and to the tables of the tenants, each beacon exactly once.
export { type LoaderWorker, type LoaderWorkerDeps, startLoaderWorker } from './worker.ts';
export { type LoaderDeps, startLoader } from './start-loader.ts';
export type { BeaconOptions, LoaderOptions } from './loader-options.ts';
export type { Rounds } from './rounds.ts';
export type { LaggingTenant, LoaderStatus } from './status.ts';
export type { EncodeBeacon, RowOutcome } from './ports.ts';
