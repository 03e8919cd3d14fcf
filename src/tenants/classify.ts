import type { Snapshot } from './snapshot.ts';
import { type Destination, isExpired, type Tenant } from './tenant.ts';

/**
 * Where a beacon with this trace belongs at this instant (epoch ms, of the steady clock): to its tenant, to `expired`, or,
 * without a trace or with one that nobody has, to `unknown`. Called for every beacon.
 */
export const classify = (snapshot: Snapshot, trace: string | null | undefined, now: number): Destination => {
  const tenant = trace === null || trace === undefined ? undefined : snapshot.byTrace(trace);
  if (tenant === undefined) return 'unknown';
  return isExpired(tenant, now) ? 'expired' : tenant.id;
};

/**
 * May a beacon from this host be stored for the tenant? Always, unless it has `only_hostnames`: then the host (lower case or
 * not, null when the beacon tells none) must be one of its host names.
 */
export const acceptsHost = (tenant: Tenant, host: string | null): boolean =>
  !tenant.onlyHostnames || (host !== null && tenant.hostnames.includes(host.toLowerCase()));
