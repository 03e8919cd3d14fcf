import type { ExpiredLine } from '#modules';
import { isExpired, type Snapshot } from '#tenants';
import type { Figures } from './metric-figures.ts';

const COUNTER = 'rumbrella_beacons_expired_total';

/** Beacons that came after the end of one organization, since this process started. */
export const expiredBeaconsOf = (figures: Figures, tenant: string): number =>
  figures.of(COUNTER).find(({ labels }) => labels['tenant'] === tenant)?.value ?? 0;

/** Of all organizations of the users map that have any, most first. */
export const expiredLines = (figures: Figures, snapshot: Snapshot, now: number): readonly ExpiredLine[] =>
  snapshot.tenants
    .map(
      (tenant): ExpiredLine => ({
        tenant: tenant.id,
        name: tenant.name,
        state: isExpired(tenant, now) ? 'expired' : 'active',
        expiresAt: tenant.expiresAt === null ? null : new Date(tenant.expiresAt).toISOString(),
        beacons: expiredBeaconsOf(figures, tenant.id),
      }),
    )
    .filter(({ beacons }) => beacons > 0)
    .toSorted((a, b) => b.beacons - a.beacons || (a.tenant < b.tenant ? -1 : 1));
