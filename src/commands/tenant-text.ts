import { isExpired, type ParsedMap, type Tenant } from '#tenants';

const DAY_MS = 86_400_000;

/** One row of the list: the tenant as JSON for scripts, with its state in words at `now` (epoch ms). */
export const describeTenant = (tenant: Tenant, now: number) => ({
  prefix: tenant.id,
  name: tenant.name,
  traces: tenant.traces,
  expire: tenant.expiresAt === null ? null : expireText(tenant.expiresAt),
  state: stateText(tenant, now),
  hostnames: tenant.hostnames,
  only_hostnames: tenant.onlyHostnames,
  retention_days: tenant.retentionDays,
  beacons_per_second: tenant.beaconsPerSecond,
});

/** As one would write it in the file: the last day, when it ends with a day. */
const expireText = (expiresAt: number): string =>
  expiresAt % DAY_MS === 0
    ? new Date(expiresAt - 1).toISOString().slice(0, 10)
    : new Date(expiresAt).toISOString().replace('.000Z', 'Z');

const stateText = (tenant: Tenant, now: number): string => {
  if (tenant.expiresAt === null) return 'active';
  if (isExpired(tenant, now)) return `expired since ${new Date(tenant.expiresAt).toISOString().slice(0, 10)}`;
  const days = Math.floor((tenant.expiresAt - now) / DAY_MS);
  return days <= 60 ? `active, ${days} days left` : `active until ${expireText(tenant.expiresAt)}`;
};

/** How much stands in a map: `3 organizations, 1 relation`. */
export const mapSize = (map: ParsedMap): string => {
  const relations = map.relations.length === 0 ? '' : `, ${plural(map.relations.length, 'relation')}`;
  return `${plural(map.tenants.length, 'organization')}${relations}`;
};

/** A number with its word. */
export const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
