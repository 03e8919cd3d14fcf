import type { Snapshot } from './snapshot.ts';
import type { Tenant } from './tenant.ts';

/** What a new map changes, as counts and names. */
export interface MapChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Traces that named one tenant and name another one now. */
  readonly movedTraces: readonly string[];
}

/** Compares the tenants of a new map with the map in force. */
export const compareMaps = (previous: Snapshot, next: readonly Tenant[]): MapChange => {
  const ids = new Set<string>(next.map((tenant) => tenant.id));
  return {
    added: next.filter((tenant) => previous.byId(tenant.id) === undefined).map((tenant) => tenant.id),
    removed: previous.tenants.filter((tenant) => !ids.has(tenant.id)).map((tenant) => tenant.id),
    movedTraces: next.flatMap((tenant) =>
      tenant.traces.filter((trace) => (previous.byTrace(trace)?.id ?? tenant.id) !== tenant.id),
    ),
  };
};

/**
 * Is so much gone that a damaged file is likelier than an intention? More than a fifth of the tenants, or more than 50;
 * a single one is always taken as meant, or no small map could ever lose a tenant at once.
 */
export const isSuspicious = (previous: Snapshot, change: MapChange): boolean =>
  change.removed.length > 50 ||
  (change.removed.length > 1 && change.removed.length * 5 > previous.tenants.length);
