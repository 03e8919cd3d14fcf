import type { Relation, RelationRule, RequestFacts, ServingModule, Tenant } from '#tenants';

/** A world as plain data, so that it can be printed when a property fails. */
export interface PlainWorld {
  readonly tenants: readonly Tenant[];
  readonly relations: readonly Relation[];
  /** Which module answers the request, by tenant. */
  readonly serving: Readonly<Record<string, ServingModule | undefined>>;
}

/**
 * A second opinion on tenant resolution, written from its description and for reading only: no index, no early way out, every
 * set spelled out. Answers `<tenant> by <rule>`, `needs-body` or the code of the refusal.
 */
export const modelResolution = (facts: RequestFacts, world: PlainWorld): string => {
  const { originTenant: origin, requestedTenant: requested, moduleOfCaller: caller } = facts;
  const find = (id: string): Tenant | undefined => world.tenants.find((tenant) => tenant.id === id);
  const isActive = (id: string): boolean => {
    const tenant = find(id);
    return tenant !== undefined && !(tenant.expiresAt !== null && tenant.expiresAt <= facts.now);
  };
  const inForce = world.relations.filter((each) => each.expiresAt === null || each.expiresAt > facts.now);
  const allNames = (module: Omit<ServingModule, 'executesIn'>): string[] => [
    module.id,
    module.product,
    ...module.interfaces,
  ];
  const isNamed = (relation: Relation, module: Omit<ServingModule, 'executesIn'> | undefined): boolean =>
    module !== undefined && allNames(module).some((name) => relation.modules.includes(name));
  const canExecute = (relation: Relation, id: string): boolean =>
    isActive(id) && world.serving[id]?.executesIn === 'requested' && isNamed(relation, world.serving[id]);

  const atHome = (tenant: string): string => {
    if (find(tenant) === undefined) return 'TENANT_UNKNOWN';
    if (!isActive(tenant)) return origin === null ? 'TENANT_UNKNOWN' : 'TENANT_EXPIRED';
    const home = world.serving[tenant];
    const stayOrFail = home === undefined ? 'TENANT_NO_MODULE' : `${tenant} by requested`;
    if (origin === null || facts.acting === false || home?.executesIn === 'origin') return stayOrFail;
    if (caller !== undefined && facts.explicit === true) return stayOrFail;

    const mine = inForce.filter((relation) => relation.tenant === tenant);
    const claims = mine.flatMap((relation) =>
      relation.when.flatMap((rule, index) => {
        const verdict = modelRule(rule, facts);
        const around = home === undefined ? relation.executesAs.map((id) => world.serving[id]) : [home];
        const concerned = [world.serving[rule.tenant], ...around].some((module) => isNamed(relation, module));
        return verdict === 'no' || !concerned ? [] : [{ relation, rule, index, verdict }];
      }),
    );
    const [first] = claims;
    if (first?.verdict === 'body') return 'needs-body';
    if (first?.verdict === 'two values') return 'TENANT_QUERY_AMBIGUOUS';
    if (first !== undefined)
      return canExecute(first.relation, first.rule.tenant)
        ? `${first.rule.tenant} by ${first.relation.id}.when[${first.index}]`
        : 'TENANT_RULE_UNSERVED';
    if (home !== undefined) return stayOrFail;

    const candidates = new Set(
      mine.flatMap((relation) => relation.executesAs.filter((id) => canExecute(relation, id))),
    );
    if (candidates.size > 1) return 'TENANT_AMBIGUOUS';
    return candidates.size === 1 ? `${[...candidates].join()} by only-candidate` : 'TENANT_NO_MODULE';
  };

  if (origin === null || origin === requested) return atHome(requested);
  if (facts.acting === false) return 'TENANT_NOT_ALLOWED';
  const bridges = inForce.filter(
    (each) => each.tenant === origin && each.executesAs.some((id) => id === requested),
  );
  if (!isActive(origin) || !isActive(requested) || bridges.length === 0) return 'TENANT_NOT_ALLOWED';
  const isNamedByCaller = facts.explicit ?? caller === undefined;
  const there = world.serving[requested];
  const isAllowed = bridges.some((relation) => isNamed(relation, there));
  if (isNamedByCaller && isAllowed) return `${requested} by named`;
  if (there?.executesIn === 'origin')
    return world.serving[origin] === undefined ? 'TENANT_NOT_ALLOWED' : `${origin} by origin`;
  if (isNamedByCaller) return 'TENANT_NOT_ALLOWED';
  if (there === undefined) return atHome(origin);
  const isCarried = bridges.some((each) => each.key === facts.relationOfCaller || isNamed(each, caller));
  return isAllowed || isCarried ? `${requested} by callback` : 'TENANT_NOT_ALLOWED';
};

const modelRule = (rule: RelationRule, facts: RequestFacts): 'yes' | 'no' | 'body' | 'two values' => {
  if (rule.method !== null && rule.method !== facts.method) return 'no';
  if (rule.path !== null && !modelGlob(rule.path.split(''), facts.path.split(''))) return 'no';
  const wanted = Object.entries(rule.query);
  if (wanted.some(([name, value]) => !facts.query.getAll(name).includes(value))) return 'no';
  if (wanted.some(([name]) => new Set(facts.query.getAll(name)).size > 1)) return 'two values';
  const members = Object.entries(rule.body);
  if (members.length === 0) return 'yes';
  if (facts.body === undefined) return 'body';
  const body = facts.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'no';
  const texts = new Map(
    Object.entries(body).flatMap(([name, value]): [string, string][] =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [],
    ),
  );
  return members.every(([name, value]) => texts.get(name) === value) ? 'yes' : 'no';
};

/** By definition: a star is nothing, or one character and a star. */
const modelGlob = (pattern: readonly string[], text: readonly string[]): boolean => {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return modelGlob(rest, text) || (text.length > 0 && modelGlob(pattern, text.slice(1)));
  return head === text[0] && modelGlob(rest, text.slice(1));
};
