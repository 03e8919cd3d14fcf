import type { Clock, Metrics } from '#core';
import type { Snapshot } from './snapshot.ts';
import { isExpired } from './tenant.ts';

/**
 * Creates the function that shows the state of the map after each look at the file:
 * - `rumbrella_tenants_snapshot_age_seconds`: since the file on disk was last the map in force; grows while it is bad
 * - `rumbrella_tenants_map_valid`: 1 when the file on disk is the map in force
 * - `rumbrella_tenants_active`: tenants that are not expired
 */
export const createRegistryMetrics = (
  metrics: Metrics | undefined,
  clock: Clock,
): ((snapshot: Snapshot, valid: boolean) => void) => {
  if (metrics === undefined) return () => undefined;
  const age = metrics.gauge(
    'rumbrella_tenants_snapshot_age_seconds',
    'Seconds since the users map on disk was last the one in force',
  );
  const isValid = metrics.gauge(
    'rumbrella_tenants_map_valid',
    '1 when the users map on disk is the one in force',
  );
  const active = metrics.gauge('rumbrella_tenants_active', 'Tenants of the users map that are not expired');
  let validSince = clock.monotonic();
  return (snapshot, valid) => {
    const mono = clock.monotonic();
    if (valid) validSince = mono;
    const now = clock.now();
    age.set((mono - validSince) / 1_000);
    isValid.set(valid ? 1 : 0);
    active.set(snapshot.tenants.filter((tenant) => !isExpired(tenant, now)).length);
  };
};
