import type { OrganizationLine, RelationLine } from '#operations';

/** An organization in the tree: below the first umbrella that may act for it. */
export interface TreeLine {
  readonly organization: OrganizationLine;
  readonly depth: 0 | 1;
  /** Ids of the organizations that may act for it now. */
  readonly actors: readonly string[];
}

/** Umbrellas with their members below them, then everybody else, in the order of the users map. */
export const treeOf = (
  organizations: readonly OrganizationLine[],
  relations: readonly RelationLine[],
): readonly TreeLine[] => {
  const active = relations.filter(({ state }) => state === 'active');
  const actorsOf = (id: string): readonly string[] => [
    ...new Set(active.filter(({ executesAs }) => executesAs.includes(id)).map(({ tenant }) => tenant)),
  ];
  const isUmbrella = (id: string): boolean =>
    active.some(({ tenant }) => tenant === id) && actorsOf(id).length === 0;
  const placed = new Set<string>();
  const lines: TreeLine[] = [];
  const place = (organization: OrganizationLine, depth: 0 | 1): void => {
    if (placed.has(organization.id)) return;
    placed.add(organization.id);
    lines.push({ organization, depth, actors: actorsOf(organization.id) });
  };
  for (const umbrella of organizations.filter(({ id }) => isUmbrella(id))) {
    place(umbrella, 0);
    for (const member of organizations)
      if (actorsOf(member.id).includes(umbrella.id) && !isUmbrella(member.id)) place(member, 1);
  }
  for (const organization of organizations) place(organization, 0);
  return lines;
};
