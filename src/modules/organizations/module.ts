import type { Clock } from '#core';
import { json, type Module, text } from '#gateway/contract';
import { isExpired, type Relation, type Snapshot, type Tenant, type TenantRegistry } from '#tenants';
import { organizationsDescriptor } from './descriptor.ts';

/** An organization that the caller may act for. */
interface Organization {
  readonly id: string;
  readonly name: string;
  readonly isHome: boolean;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
  readonly hostnames: readonly string[];
  /** How the caller may act for it; empty for the own one. */
  readonly relations: readonly {
    readonly id: string;
    readonly modules: readonly string[];
    readonly permissions: readonly string[];
    readonly expiresAt: string | null;
  }[];
}

/** The organizations module: the caller's own organization, and those for which relations let it act. */
export const createOrganizationsModule = (registry: TenantRegistry, clock: Clock): Module => ({
  descriptor: organizationsDescriptor,
  handlers: {
    'GET /organizations': ({ originTenant, userId }) => {
      if (userId === null) return text(401, 'Sign in to see your organizations');
      const organizations = organizationsOf(registry.current(), originTenant, clock.now());
      return json(200, { organizations, totalRecords: organizations.length });
    },
  },
});

/** The home organization first, then the others in the order of the users map. Expired tenants and relations do not count. */
export const organizationsOf = (snapshot: Snapshot, home: string, now: number): readonly Organization[] => {
  const relations = snapshot
    .relationsOf(home)
    .filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  const reachable = snapshot.tenants.filter(
    (tenant) => tenant.id !== home && relations.some(({ executesAs }) => executesAs.includes(tenant.id)),
  );
  const own = snapshot.byId(home);
  return [...(own === undefined ? [] : [own]), ...reachable]
    .filter((tenant) => !isExpired(tenant, now))
    .map((tenant) => describe(tenant, home, relations));
};

const describe = (tenant: Tenant, home: string, relations: readonly Relation[]): Organization => ({
  id: tenant.id,
  name: tenant.name,
  isHome: tenant.id === home,
  expiresAt: moment(tenant.expiresAt),
  hostnames: tenant.hostnames,
  relations: relations
    .filter(({ executesAs }) => executesAs.includes(tenant.id))
    .map(({ id, modules, permissions, expiresAt }) => ({
      id,
      modules,
      permissions,
      expiresAt: moment(expiresAt),
    })),
});

const moment = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();
