/*
 * What operations answer: the operator's view of the whole process, under `/operations`. Instants are ISO 8601 in UTC. All texts may come
 * from outside (addresses of pages, reasons of the warehouse) and are shown as text.
 * Errors: 422 with `{"errors":[{"message","type","code","parameters":[{"key","value"}]}]}` for what cannot be read, 404 for what is not
 * there, 409 for a conflict, both with a sentence.
 */

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
  /** Beacons in its table; null: not known, or it has no table. */
  readonly rows: number | null;
  readonly lastBeaconAt: string | null;
}

/** Who may act for whom. */
export interface RelationLine {
  /** `agency#1`: tenant and place among the relations of the file. */
  readonly id: string;
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  /** Ceiling, names with `*`. */
  readonly permissions: readonly string[];
  readonly rules: number;
  readonly state: 'active' | 'expired';
  readonly expiresAt: string | null;
  /** When something was written by it last; null: nothing is in the audit trail. */
  readonly lastWriteAt: string | null;
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
  readonly version?: string;
}

/** POST /operations/relations */
export interface NewRelationRequest {
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  readonly expire?: string;
  readonly version?: string;
}

/** A number of beacons by why. */
export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

/** GET /operations/health */
export interface HealthAnswer {
  readonly at: string;
  /** Counters count from here: the start of this process. */
  readonly countingSince: string;
  /** Beacons by tenant or folder, most received first. */
  readonly funnel: readonly FunnelLine[];
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

/** What became of the beacons of a tenant, or of those that went to a folder, since the process started. */
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

/** How the loader is. */
export interface LoaderHealth {
  readonly state: 'starting' | 'running' | 'waiting' | 'down' | 'stopped';
  readonly reason: string;
  readonly lagSeconds: number;
  readonly pendingBytes: number;
  /** When the checkpoint was saved last; null: not yet. */
  readonly savedAt: string | null;
  readonly lookingAgain: boolean;
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

/** GET /operations/quarantine[?tenant=&limit=20]: beacons that the warehouse refused. */
export interface QuarantineAnswer {
  readonly files: readonly {
    readonly tenant: string;
    /** Day of the quarantine, UTC. */
    readonly day: string;
    readonly bytes: number;
  }[];
  /** The newest first. */
  readonly beacons: readonly QuarantineLine[];
}

/** A beacon in quarantine. */
export interface QuarantineLine {
  readonly tenant: string;
  readonly day: string;
  readonly code: string;
  readonly reason: string;
  readonly receivedAt: string | null;
  /** Address of the page without its query; '' when it cannot be read. */
  readonly address: string;
  readonly segment: string;
  readonly offset: number;
}

/** GET /operations/unclaimed?folder=unknown|expired[&from=&to=]: beacons of nobody, by their trace. Ask again while it is `running`. */
export interface UnclaimedAnswer {
  readonly folder: 'unknown' | 'expired';
  readonly from: string;
  readonly to: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly reason: string;
  readonly progress: Progress;
  /** Not everything was read: the bound of one look was reached. Ask for a shorter period. */
  readonly cut: boolean;
  /** Most beacons first, at most 500. */
  readonly groups: readonly UnclaimedGroup[];
  /** Beacons of groups that are not listed. */
  readonly otherBeacons: number;
}

/** Beacons with one trace; without one, those of one host. */
export interface UnclaimedGroup {
  /** '': they carry none. */
  readonly trace: string;
  readonly hostnames: readonly string[];
  readonly beacons: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Addresses of pages without their query, at most 3. */
  readonly samples: readonly string[];
  /** Whose trace it is now; null: nobody's. */
  readonly owner: { readonly id: string; readonly name: string; readonly state: 'active' | 'expired' } | null;
}

/** How far a job is. */
export interface Progress {
  /** Bytes of files. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly beacons: number;
}

/** POST /operations/replays */
export interface ReplayRequest {
  /** `unknown`, `expired`, or an organization's. */
  readonly folder: string;
  readonly tenant?: string;
  readonly trace?: string;
  /** Received from (inclusive) to (exclusive). */
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** GET /operations/replays/{id}. One runs at a time. It may be begun again at any time: what is there already is not inserted again. */
export interface ReplayJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly folder: string;
  readonly tenant: string | null;
  readonly trace: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly dryRun: boolean;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress & { readonly current: string };
  /** What it did, or in a dry run would do; null: it is not at its end. */
  readonly result: ReplayResult | null;
  /** Why it failed; '' otherwise. */
  readonly error: string;
}

/** What a replay came to, in beacons. */
export interface ReplayResult {
  readonly read: number;
  readonly tenants: readonly {
    readonly tenant: string;
    readonly inserted: number;
    readonly existing: number;
    readonly quarantined: number;
    readonly notAccepted: number;
  }[];
  /** Beacons that stay where they are, by why. */
  readonly left: readonly ReasonCount[];
  readonly badLines: number;
  readonly stopped: boolean;
}

/** GET /operations/modules */
export interface ModulesAnswer {
  readonly modules: readonly ModuleLine[];
}

/** A module that the gateway knows. */
export interface ModuleLine {
  readonly id: string;
  readonly name: string;
  readonly builtIn: boolean;
  /** In process, or an instance of it is known. */
  readonly running: boolean;
  /** Addresses of instances of a remote module. */
  readonly instances: readonly string[];
  readonly provides: readonly { readonly id: string; readonly version: string }[];
  readonly requires: readonly { readonly id: string; readonly version: string }[];
  /** Where it is executed when a request is made for another organization. */
  readonly executesIn: 'requested' | 'origin';
  readonly enabledFor: readonly string[];
}

/** GET /operations/routes?tenant=: every path that the organization's modules answer or filter. */
export interface RoutesAnswer {
  readonly tenant: string;
  readonly routes: readonly RouteLine[];
}

/** An entry of a module. */
export interface RouteLine {
  readonly methods: readonly string[];
  readonly path: string;
  readonly module: string;
  readonly interface: string | null;
  readonly phase: 'handler' | 'auth' | 'pre' | 'post' | 'filter';
  /** Order among filters of one phase; null: none is given. */
  readonly level: string | null;
  readonly type: string;
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}

/** GET /operations/requests[?limit=50&tenant=&path=&minStatus=]: requests whose trace is kept, newest first. */
export interface RequestsAnswer {
  readonly requests: readonly RequestLine[];
}

/** A request in the list. */
export interface RequestLine {
  readonly id: string;
  readonly startedAt: string;
  readonly userId: string | null;
  readonly tenants: RequestTenants;
  readonly method: string;
  readonly path: string;
  readonly module: string | null;
  readonly status: number | null;
  readonly durationUs: number;
  readonly hops: number;
}

/** For whom a request was made and executed. */
export interface RequestTenants {
  readonly origin: string | null;
  readonly requested: string;
  readonly execution: string | null;
}

/** GET /operations/requests/{id} */
export interface RequestTraceAnswer {
  readonly id: string;
  readonly startedAt: string;
  readonly userId: string | null;
  readonly originTenant: string | null;
  /** In the order in which they began. */
  readonly hops: readonly HopLine[];
  /** Hops that were not kept because there were too many. */
  readonly dropped: number;
}

/** One call of one module, or one decision of the gateway. */
export interface HopLine {
  readonly requestId: string;
  readonly phase: 'resolve' | 'auth' | 'pre' | 'handler' | 'post' | 'filter';
  readonly module: string | null;
  readonly method: string;
  readonly path: string;
  readonly tenants: RequestTenants;
  readonly relation: string | null;
  readonly rule: string | null;
  readonly actors: readonly string[];
  readonly status: number | null;
  /** Microseconds after the request's start. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly error: string | null;
}

/** GET /operations/explain?tenant=&method=&path=[&origin=][&body=][&moduleId=]: for whom and by whom a request would be executed. */
export interface ExplainAnswer {
  readonly requestedTenant: string;
  readonly originTenant: string | null;
  readonly method: string;
  readonly path: string;
  readonly outcome: 'executed' | 'refused' | 'needs-body';
  readonly tenant: string | null;
  readonly relation: string | null;
  readonly rule: string | null;
  readonly ceiling: readonly string[] | null;
  /** Sentences, in the order in which things were looked at. */
  readonly why: readonly string[];
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly steps: readonly {
    readonly phase: string;
    readonly module: string;
    readonly entry: string;
    readonly type: string;
    readonly running: boolean;
  }[];
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}

/** GET /operations/audit[?tenant=&limit=100&before=], GET /organizations/audit: who changed what, newest first. */
export interface AuditAnswer {
  readonly entries: readonly AuditLine[];
  /** For `before`, to read on; null: this is the end. */
  readonly next: string | null;
}

/** Something that somebody did. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  /** `acting`: a write of somebody of one organization, executed for another; `operation`: a change by an operator or an administrator. */
  readonly kind: 'acting' | 'operation';
  readonly userId: string | null;
  readonly userName: string;
  /** Where the user belongs. */
  readonly originTenant: string;
  /** For whom it was done. */
  readonly tenant: string;
  readonly relation: string | null;
  /** One sentence; '' for `acting`, where method and path say it. */
  readonly summary: string;
  readonly module: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Address of the client as the process saw it. */
  readonly address: string;
  readonly requestId: string;
}

/** GET /organizations/relations: who may act for one's own organization. */
export interface OwnRelationsAnswer {
  readonly version: string;
  readonly relations: readonly (Omit<RelationLine, 'executesAs'> & {
    /** Name of the organization that may act. */
    readonly tenantName: string;
  })[];
}
