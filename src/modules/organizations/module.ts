import type { Clock } from '#core';
import { json, type Module, text } from '#gateway/contract';
import { isExpired, type Relation, type Snapshot, type Tenant, type TenantRegistry } from '#tenants';
import type { Audit } from '../audit/index.ts';
import type { OperationsPorts, UsersMapEditor } from '../operations/ports.ts';
import { organizationsDescriptor } from './descriptor.ts';
import { ownRelationHandlers } from './own-relations.ts';

/** An organization that the caller may act for. */
interface Organization {
  readonly id: string;
  readonly name: string;
  readonly isHome: boolean;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
  readonly hostnames: readonly string[];
  /** What names it in a beacon (visible to every visitor, not a secret); null: it sends none. */
  readonly trace: string | null;
  /** How the caller may act for it; empty for the own one. */
  readonly relations: readonly {
    readonly id: string;
    readonly modules: readonly string[];
    readonly permissions: readonly string[];
    /** Only for those who have an account there. */
    readonly requiresAccount: boolean;
    readonly expiresAt: string | null;
  }[];
}

/** What the organizations module is made of. */
export interface OrganizationsDeps {
  readonly registry: TenantRegistry;
  readonly usersMap: Pick<UsersMapEditor, 'withdraw'>;
  readonly healthOf: OperationsPorts['healthOf'];
  readonly audit: Audit;
  readonly clock: Clock;
}

/**
 * The organizations module: the caller's own organization, and those for which relations let it act; and the other way round, who may act for
 * the own one.
 */
export const createOrganizationsModule = ({
  registry,
  usersMap,
  healthOf,
  audit,
  clock,
}: OrganizationsDeps): Module => ({
  descriptor: organizationsDescriptor,
  handlers: {
    ...ownRelationHandlers({ registry, usersMap, audit, clock, module: organizationsDescriptor.id }),
    'GET /organizations/health': async ({ originTenant }) => json(200, await healthOf(originTenant)),
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
  trace: tenant.traces[0] ?? null,
  relations: relations
    .filter(({ executesAs }) => executesAs.includes(tenant.id))
    .map(({ id, modules, permissions, requiresAccount, expiresAt }) => ({
      id,
      modules,
      permissions,
      requiresAccount,
      expiresAt: moment(expiresAt),
    })),
});

const moment = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();
