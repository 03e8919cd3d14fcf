import type { MapProblemLine } from './organizations.ts';

/** GET /operations/health */
export interface HealthAnswer {
  readonly at: string;
  /** Counters of the loader count from here, over restarts; refusals since this process started. */
  readonly countingSince: string;
  /** Beacons by tenant or folder, most received first. */
  readonly funnel: readonly FunnelLine[];
  /** Organizations whose beacons came after their end, since this process started, most first; those that were renewed meanwhile, too. */
  readonly expired: readonly ExpiredLine[];
  readonly loader: LoaderHealth;
  readonly journal: {
    readonly bytes: number;
    readonly segments: number;
    /** Can beacons be appended? null: another process collects. */
    readonly available: boolean | null;
  };
  /** Bytes on disk; may be a minute old. */
  readonly archive: { readonly at: string | null; readonly folders: readonly ArchiveFolder[] };
  readonly migrations: readonly MigrationLine[];
  readonly usersMap: {
    readonly version: string;
    readonly loadedAt: string;
    readonly valid: boolean;
    readonly problems: readonly MapProblemLine[];
  };
  readonly warehouse: {
    readonly kind: 'embedded' | 'server';
    readonly up: boolean;
    readonly version: string;
    /** Why it does not answer; '' when it does. */
    readonly reason: string;
    /** How often the embedded engine had to be started again; null: it is a server. */
    readonly restarts: number | null;
  };
  /** Metrics of the roll-up by name without the beginning `rumbrella_rollup_`; empty: there is none here. */
  readonly rollup: readonly { readonly name: string; readonly tenant: string; readonly value: number }[];
}

/** What became of the beacons of a tenant, or of those that went to a folder. */
export interface FunnelLine {
  /** A tenant, `unknown` or `expired`. */
  readonly destination: string;
  readonly received: number;
  readonly refused: readonly ReasonCount[];
  /** received − refused: answered with 204, on disk. */
  readonly journaled: number;
  readonly stored: number;
  readonly archivedOnly: number;
  /** In the archive and not rows: site that the tenant does not accept, opt-out. */
  readonly notAccepted: readonly ReasonCount[];
  readonly quarantined: readonly ReasonCount[];
  /** Wait for their table. */
  readonly pending: number;
}

/** Beacons of an organization that came after its end: they are in the folder `expired`, and become rows by a replay when it is renewed. */
export interface ExpiredLine {
  readonly tenant: string;
  readonly name: string;
  readonly state: 'expired' | 'active';
  readonly expiresAt: string | null;
  readonly beacons: number;
}

/** GET /organizations/health: what became of the caller's own organization's beacons, for its administrators. */
export interface OwnHealthAnswer {
  readonly at: string;
  /** `beacons` counts from here, over restarts; refusals since this process started. */
  readonly countingSince: string;
  readonly tenant: string;
  /** From then on its beacons are archived only; null: never. */
  readonly expiresAt: string | null;
  /** False: the warehouse does not answer, so `rows` and `lastBeaconAt` are not known. */
  readonly isStoreUp: boolean;
  readonly rows: number;
  readonly lastBeaconAt: string | null;
  readonly beacons: Omit<FunnelLine, 'destination'>;
  /** That came after its end, since this process started; they are archived only, until an operator replays them. */
  readonly cameAfterEnd: number;
  /** Age of the oldest beacon that waits for the loader, whosever it is. */
  readonly lagSeconds: number;
  /** Since when its own table cannot be written, so that its beacons wait; null: it can. */
  readonly waitingSince: string | null;
}

/** A number of beacons by why. */
export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

/** How the loader is. */
export interface LoaderHealth {
  readonly state: 'starting' | 'running' | 'waiting' | 'down' | 'stopped';
  readonly reason: string;
  readonly lagSeconds: number;
  readonly pendingBytes: number;
  /** When the checkpoint was saved last; null: not yet. */
  readonly savedAt: string | null;
  readonly lookingAgain: boolean;
  /** Organizations whose tables are being migrated after a start; null: no such work is under way. */
  readonly migrating: { readonly done: number; readonly total: number; readonly failed: number } | null;
  readonly lagging: readonly {
    readonly tenant: string;
    readonly since: string;
    readonly code: string;
    readonly reason: string;
    readonly attempts: number;
    readonly pending: number;
  }[];
}

/** A folder of the archive. */
export interface ArchiveFolder {
  readonly folder: string;
  readonly bytes: number;
  readonly files: number;
}

/** The tables of a tenant. */
export interface MigrationLine {
  readonly tenant: string;
  /** `pending`: something is still to be applied; `none`: it has no tables yet. */
  readonly state: 'ready' | 'pending' | 'failed' | 'none';
  /** Name of the newest migration that is recorded. */
  readonly last: string;
  readonly at: string | null;
  /** Why it failed; '' otherwise. */
  readonly error: string;
}
