import type { Clock } from '#core';
import { isExpired, type Snapshot } from '#tenants';
import type { Records } from '../records/index.ts';
import type { Affiliation } from '../users/affiliations.ts';

/** How somebody names himself when he signs in, as sent. */
export interface NamedUser {
  readonly username?: string | undefined;
  readonly userId?: string | undefined;
  /** The tenant that he says he belongs to. */
  readonly tenant?: string | undefined;
}

/** Where somebody who signs in at this tenant belongs: the tenant itself, or the one that its `/user-tenants` says. */
export type HomeTenant = (entrance: string, named: NamedUser) => Promise<string>;

/** What finding a home needs. */
export interface HomeTenantDeps {
  readonly affiliations: Records<Affiliation>;
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
}

/**
 * As mod-login: exactly one affiliation with this user, name or tenant sends the login home; none or several leave it where it came in. Beyond FOLIO an affiliation
 * counts only between tenants that the users map relates, since whoever may write `/user-tenants` must not open doors of strangers.
 */
export const createHomeTenant =
  ({ affiliations, snapshot, clock }: HomeTenantDeps): HomeTenant =>
  async (entrance, { username, userId, tenant }) => {
    const values = Object.entries({ username, userId, tenantId: tenant }).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value] as const],
    );
    const page = { query: '', offset: 0, limit: 2, exactly: { join: 'and', values } } as const;
    const [found, another] = (await affiliations.list(entrance, page)).records;
    if (found === undefined || another !== undefined) return entrance;
    return isNeighbour(snapshot(), entrance, found.tenantId, clock.now()) ? found.tenantId : entrance;
  };

/** Does one of the two act for the other, by a relation that holds now (epoch ms)? */
const isNeighbour = (snapshot: Snapshot, one: string, other: string, now: number): boolean => {
  const tenant = snapshot.byId(other);
  if (tenant === undefined || isExpired(tenant, now)) return false;
  const acts = (from: string, to: string): boolean =>
    snapshot
      .relationsOf(from)
      .some(
        ({ executesAs, expiresAt }) =>
          (executesAs as readonly string[]).includes(to) && (expiresAt === null || now < expiresAt),
      );
  return acts(other, one) || acts(one, other);
};
