import type { RelationLine } from './relations.ts';

/** GET /operations/organizations: the users map in force, and what is wrong with the file on disk. */
export interface OrganizationsAnswer {
  /** Of the map in force. Send it as `version` with a change to be refused (409) when somebody else was faster. */
  readonly version: string;
  readonly loadedAt: string;
  /** Empty: the file on disk is the map in force. Otherwise the last good one is. */
  readonly problems: readonly MapProblemLine[];
  readonly organizations: readonly OrganizationLine[];
  readonly relations: readonly RelationLine[];
  /** Why rows and last beacons are missing; '' when they are there. */
  readonly figuresMissing: string;
}

/** One thing that is wrong with the users map. */
export interface MapProblemLine {
  /** 1-based; null: the file as a whole. */
  readonly line: number | null;
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** An organization of the users map. */
export interface OrganizationLine {
  readonly id: string;
  readonly name: string;
  /** `no_trace`: active, and sends no beacons of its own. */
  readonly state: 'active' | 'expired' | 'no_trace';
  readonly traces: readonly string[];
  /** First instant at which it is expired; null: never. */
  readonly expiresAt: string | null;
  readonly hostnames: readonly string[];
  readonly onlyHostnames: boolean;
  readonly retentionDays: number | null;
  /** Null: as the configuration says for each. */
  readonly beaconsPerSecond: number | null;
  /** Beacons in its table; null: not known, or it has no table. */
  readonly rows: number | null;
  readonly lastBeaconAt: string | null;
}

/** POST /operations/organizations */
export interface NewOrganization {
  readonly id: string;
  readonly name?: string;
  /** `new`: one is made. Default: none. */
  readonly traces?: 'new' | readonly string[];
  /** Last day (`2027-12-25`) or ISO instant; absent: never expires. */
  readonly expire?: string;
  readonly hostnames?: readonly string[];
  readonly onlyHostnames?: boolean;
  readonly retentionDays?: number;
  readonly beaconsPerSecond?: number;
  readonly version?: string;
}

/** PATCH /operations/organizations/{id}: what is absent stays. */
export interface OrganizationChange {
  readonly name?: string;
  readonly traces?: readonly string[];
  /** Last day or instant; null: never; `now`: it expires at once. */
  readonly expire?: string | null;
  readonly hostnames?: readonly string[];
  readonly onlyHostnames?: boolean;
  readonly retentionDays?: number | null;
  readonly beaconsPerSecond?: number | null;
  readonly version?: string;
}
