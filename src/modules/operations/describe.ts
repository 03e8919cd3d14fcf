import { isExpired, type MapProblem, type Relation, type Tenant } from '#tenants';
import type { MapProblemLine, OrganizationLine, RelationLine } from './contract.ts';
import type { TableFigures } from './ports.ts';

/** An organization of the users map at this instant, with what is known of its table. */
export const describeOrganization = (
  tenant: Tenant,
  figures: TableFigures | undefined,
  now: number,
): OrganizationLine => ({
  id: tenant.id,
  name: tenant.name,
  state: isExpired(tenant, now) ? 'expired' : tenant.traces.length === 0 ? 'no_trace' : 'active',
  traces: tenant.traces,
  expiresAt: moment(tenant.expiresAt),
  hostnames: tenant.hostnames,
  onlyHostnames: tenant.onlyHostnames,
  retentionDays: tenant.retentionDays,
  beaconsPerSecond: tenant.beaconsPerSecond,
  rows: figures?.rows ?? null,
  lastBeaconAt: figures?.lastBeaconAt ?? null,
});

/** A relation at this instant. */
export const describeRelation = (
  relation: Relation,
  lastWriteAt: string | undefined,
  now: number,
): RelationLine => ({
  id: relation.id,
  tenant: relation.tenant,
  executesAs: relation.executesAs,
  modules: relation.modules,
  permissions: relation.permissions,
  requiresAccount: relation.requiresAccount,
  rules: relation.when.map(({ method, path, query, body, tenant }) => ({
    method,
    path,
    query: { ...query },
    body: { ...body },
    tenant,
  })),
  state: relation.expiresAt !== null && now >= relation.expiresAt ? 'expired' : 'active',
  expiresAt: moment(relation.expiresAt),
  lastWriteAt: lastWriteAt ?? null,
});

/** A problem of the users map, without what follows from it. */
export const describeProblem = ({ line, path, found, expected }: MapProblem): MapProblemLine => ({
  line,
  path,
  found,
  expected,
});

/** ISO 8601 of epoch ms. */
export const moment = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();
