declare const tenantId: unique symbol;

/** The id of a tenant, its `prefix`: `[a-z][a-z0-9_]{0,30}` and not a reserved word. Safe in SQL identifiers and paths. */
export type TenantId = string & { readonly [tenantId]: true };

/** An organization, as the users map describes it. Frozen. */
export interface Tenant {
  readonly id: TenantId;
  /** Display name; the id when the map gives none. */
  readonly name: string;
  /** Values of `brum_trace` that name this tenant in a beacon. Empty: it sends no beacons of its own. */
  readonly traces: readonly string[];
  /** First instant (epoch ms) at which the tenant is expired; null: never. A date means the end of that day, UTC. */
  readonly expiresAt: number | null;
  /** Sites of the tenant, lower case; empty: any. */
  readonly hostnames: readonly string[];
  /** Beacons of other host names than `hostnames` are not accepted for it. */
  readonly onlyHostnames: boolean;
  /** Days that rows are kept; null: for ever. */
  readonly retentionDays: number | null;
  /** Beacons a second that it may send; null: as many as the configuration allows each. */
  readonly beaconsPerSecond: number | null;
}

/** Is the tenant expired at this instant (epoch ms)? */
export const isExpired = (tenant: Tenant, now: number): boolean =>
  tenant.expiresAt !== null && now >= tenant.expiresAt;

/** Where a beacon belongs: to a tenant, or to one of the two folders that are only backed up. */
export type Destination = TenantId | 'unknown' | 'expired';
