import type { NewRelation, NewUser, RelationChange, UserChange } from '#tenants';
import type {
  ExplainAnswer,
  HealthAnswer,
  ModuleLine,
  OwnHealthAnswer,
  QuarantineAnswer,
  ReplayJob,
  ReplayRequest,
  RequestLine,
  RequestTraceAnswer,
  RouteLine,
  UnclaimedAnswer,
} from './contract.ts';

/** Writes the users map; a change is in force when it resolves. `version`: refuse when the file is another one. */
export interface UsersMapEditor {
  /** Errors: `TENANTS_MAP_CHANGED`, `TENANTS_MAP_INVALID` (`details.problems`), `TENANTS_MAP_LAYOUT`, those of the edit. */
  addUser(user: NewUser, version?: string): Promise<void>;
  changeUser(id: string, change: UserChange, version?: string): Promise<void>;
  addRelation(relation: NewRelation, version?: string): Promise<void>;
  changeRelation(id: string, change: RelationChange, version?: string): Promise<void>;
  /** Takes one member out of a relation; the last one ends it at `expire`. */
  withdraw(id: string, member: string, expire: string, version?: string): Promise<void>;
}

/** Rows and last beacon of a tenant's table. */
export interface TableFigures {
  readonly rows: number;
  readonly lastBeaconAt: string | null;
}

/** Which requests are asked for. */
export interface RequestsQuestion {
  readonly limit: number;
  readonly tenant?: string;
  readonly path?: string;
  readonly minStatus?: number;
}

/** Brings archived beacons into the tables, one replay at a time. */
export interface ReplayJobs {
  /** Newest first. */
  list(): readonly ReplayJob[];
  find(id: string): ReplayJob | undefined;
  /** Errors: `REPLAY_RUNNING` (409), `REPLAY_NO_TENANT` (422), `REPLAY_TENANT_EXPIRED` (422), `REPLAY_EMPTY_RANGE` (422). */
  start(request: ReplayRequest, startedBy: string): ReplayJob;
  /** Asks it to stop after the batch that is under way; undefined: there is no such job. */
  cancel(id: string): ReplayJob | undefined;
}

/** What the demo's data were. */
export interface RemovedData {
  readonly rows: number;
}

/** Everything outside of this module that operations look at or do. */
export interface OperationsPorts {
  readonly usersMap: UsersMapEditor;
  readonly replays: ReplayJobs;
  /** Of the tenants that have a table. Rejects when the warehouse does not answer. */
  figures(): Promise<ReadonlyMap<string, TableFigures>>;
  health(): Promise<HealthAnswer>;
  /** Of one organization's beacons alone. */
  healthOf(tenant: string): Promise<OwnHealthAnswer>;
  quarantine(tenant: string | null, limit: number): Promise<QuarantineAnswer>;
  /** Applies what is missing to a tenant's tables; resolves to why it failed, null when all is there. */
  migrate(tenant: string): Promise<string | null>;
  /** Looks, or tells of the look that is under way. Times in epoch ms. */
  unclaimed(question: {
    readonly folder: 'unknown' | 'expired';
    readonly from: number;
    readonly to: number;
  }): Promise<UnclaimedAnswer>;
  modules(): readonly ModuleLine[];
  routes(tenant: string): readonly RouteLine[];
  requests(question: RequestsQuestion): readonly RequestLine[];
  request(id: string): RequestTraceAnswer | null;
  /** Errors: 400. */
  explain(query: URLSearchParams): ExplainAnswer;
  /** Removes what was generated for the demo; null: this is no demo. */
  readonly removeGenerated: (() => Promise<RemovedData>) | null;
}
