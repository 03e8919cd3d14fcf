import type { Compression } from '#archive';
import type { LogLevel } from '#core';
import type { Reserve } from '#journal';
import type { WarehouseConnection } from '#warehouse';
import type { RoundsOptions } from './rounds.ts';

/** All that a loader has to be told: plain data, so that it can be sent to a thread. */
export interface LoaderOptions {
  readonly dataDir: string;
  /** Path of the users map. */
  readonly usersMap: string;
  readonly warehouse: {
    readonly kind: 'embedded' | 'server';
    readonly connection: WarehouseConnection;
    /** Name of the ClickHouse cluster; '' for one server. */
    readonly cluster: string;
  };
  readonly archive: { readonly compression: Compression; readonly level: number };
  /** A round is started at least this often while beacons wait. */
  readonly windowMs: number;
  /** Beacons in one round at most. */
  readonly roundRows: number;
  /** Budget of inserts for all tenants together. */
  readonly insertsPerSecond: number;
  readonly parallelInserts: number;
  readonly parallelMigrations: number;
  readonly keepLoadedMinutes: number;
  /** What the journal leaves free on its disk (`journal.reserve_bytes`); default: `auto`. */
  readonly reserveBytes?: Reserve;
  readonly logLevel: LogLevel;
  readonly beacons: BeaconOptions;
  /** Limits and times that have good values; tests and benches change them. */
  readonly tuning?: Partial<RoundsOptions>;
}

/** How beacons become rows. */
export interface BeaconOptions {
  /** Path of a MaxMind-format database; '': the embedded one; 'off': none. */
  readonly geoDatabase: string;
  /** First match wins. */
  readonly pageGroups: readonly { readonly path: string; readonly group: string }[];
  readonly keepQuery: boolean;
  readonly keepUserAgent: boolean;
}
