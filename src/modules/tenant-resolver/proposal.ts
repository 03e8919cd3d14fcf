import { type Relation, type RelationRule, resolveTenant, type Snapshot } from '#tenants';

/** What the filter is told of a request by the gateway that calls it. */
export interface FilteredRequest {
  readonly method: string;
  /** Path as sent, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `X-Okapi-Tenant`. */
  readonly tenant: string;
  /** Where the acting user belongs, from the token that the gateway has judged; null: nobody is acting. */
  readonly originTenant: string | null;
}

/**
 * What the filter answers.
 * - `stay`: nothing
 * - `replace`: `X-Okapi-Tenant` says `tenant`
 * - `refuse`: a rule claims the request and cannot be obeyed
 */
export type Proposal =
  | { readonly kind: 'stay'; readonly why: string }
  | { readonly kind: 'replace'; readonly tenant: string; readonly rule: string }
  | { readonly kind: 'refuse'; readonly status: number; readonly message: string };

/** A rule that the filter of a foreign gateway cannot obey, and why. */
export interface UnusableRule {
  readonly rule: string;
  readonly why: string;
}

/**
 * Tenant resolution with what a filter knows. It is not told which module answers, nor where which module is enabled, and it gets no body. So
 * the path of a rule stands for the module; a rule that claims a request and has no path, or looks at the body, is undecided, and
 * undecided means that the tenant stays as it is. Rules behind it are not asked: the first that matches wins.
 */
export const proposeTenant = (request: FilteredRequest, snapshot: Snapshot, now: number): Proposal => {
  const { method, path, query, tenant: requestedTenant, originTenant } = request;
  const relations = originTenant === null ? [] : snapshot.relationsOf(originTenant);
  if (relations.length === 0) return stay('no relation of the user’s tenant');
  if (originTenant !== requestedTenant) return stay('the caller names another tenant itself');
  const anyModule = {
    id: 'unknown',
    product: 'unknown',
    interfaces: relations.flatMap(({ modules }) => modules),
    executesIn: 'requested',
  } as const;
  const resolution = resolveTenant(
    { method, path, query, requestedTenant, originTenant, now },
    { snapshot, modulesServing: () => anyModule },
  );
  switch (resolution.kind) {
    case 'needs-body':
      return stay('a rule looks at the body');
    case 'refuse':
      return OWN_REFUSALS.has(resolution.code)
        ? { kind: 'refuse', status: resolution.status, message: resolution.message }
        : stay(resolution.message);
    case 'execute': {
      const { tenant, rule, relation } = resolution;
      if (tenant === requestedTenant) return stay('no rule claims the request');
      if (relation !== null && ruleOf(relation, rule)?.path === null) return stay(`${rule} has no path`);
      return { kind: 'replace', tenant, rule };
    }
  }
};

/** The rules of a map that are always undecided here. */
export const unusableRules = ({ relations }: Snapshot): readonly UnusableRule[] =>
  relations.flatMap((relation) =>
    relation.when.flatMap((rule, index) => {
      const why = problemOf(rule);
      return why === null ? [] : [{ rule: ruleName(relation, index), why }];
    }),
  );

const problemOf = ({ path, body }: RelationRule): string | null => {
  if (Object.keys(body).length > 0) return 'it looks at the body, and a filter of type headers gets none';
  return path === null ? 'it has no path, and a filter is not told which module answers' : null;
};

/** Other refusals (an unknown tenant, an expired one) are for the gateway that is filtered to say. */
const OWN_REFUSALS: ReadonlySet<string> = new Set(['TENANT_RULE_UNSERVED', 'TENANT_QUERY_AMBIGUOUS']);

const ruleOf = (relation: Relation, name: string): RelationRule | undefined =>
  relation.when.find((_, index) => ruleName(relation, index) === name);

const ruleName = ({ id }: Relation, index: number): string => `${id}.when[${index}]`;

const stay = (why: string): Proposal => ({ kind: 'stay', why });
