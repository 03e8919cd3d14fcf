import { isExpired, type Snapshot, type Tenant } from '#tenants';

/** Names by which a relation means this module. */
const NAMES: ReadonlySet<string> = new Set(['mod-notes', 'mod-notes-1.0.0', 'notes', 'annotations']);

/**
 * The umbrella organizations of a tenant: those whose relations in force reach it with notes. What they write for their consortium is
 * meant for it, and nothing else of them is read for it.
 */
export const umbrellasOf = (snapshot: Snapshot, member: string, now: number): readonly Tenant[] => {
  const ids = new Set<string>(
    snapshot.relations
      .filter(
        (relation) =>
          reaches(relation, now) && relation.executesAs.some((tenant): boolean => tenant === member),
      )
      .map(({ tenant }) => tenant),
  );
  ids.delete(member);
  return snapshot.tenants.filter((tenant) => ids.has(tenant.id) && !isExpired(tenant, now));
};

/** Has this tenant members that see what it writes for its consortium? */
export const isUmbrella = (snapshot: Snapshot, tenant: string, now: number): boolean =>
  snapshot.relationsOf(tenant).some((relation) => reaches(relation, now));

const reaches = (
  { modules, expiresAt }: { readonly modules: readonly string[]; readonly expiresAt: number | null },
  now: number,
): boolean => (expiresAt === null || now < expiresAt) && modules.some((name) => NAMES.has(name));
