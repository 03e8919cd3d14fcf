import { quoted } from './quoted.ts';
import type { Relation } from './relation.ts';
import type {
  Execution,
  NamedModule,
  Refusal,
  RequestFacts,
  Resolution,
  ResolutionWorld,
  ServingModule,
} from './resolution-contract.ts';
import { MAX_NAMED, type Reasons, refuse, refuseTenant, refuseUnserved } from './resolution-refusal.ts';
import { type CompiledRule, matchRule } from './rules.ts';
import { isExpired, type Tenant, type TenantId } from './tenant.ts';

/**
 * Decides for whom a request is executed: once per request, after the caller is identified and before anything is routed.
 * A pure function of its arguments (`docs/reference/tenant-resolution.md` is its description for people):
 *
 * 1. the requested tenant itself, when a module enabled for it answers and no rule claims the request;
 * 2. the rules of its relations, in file order;
 * 3. its relations, when they leave exactly one tenant whose module answers;
 * 4. otherwise a refusal.
 *
 * That is for callers who ask for their own tenant. Another one must be allowed by a relation of the caller's own tenant that
 * names the module; nothing is looked up from there, so that one step is all there ever is.
 */
export const resolveTenant = (facts: RequestFacts, world: ResolutionWorld): Resolution => {
  const foreign = facts.originTenant !== null && facts.originTenant !== facts.requestedTenant;
  const resolve = foreign ? resolveForeign : resolveOwn;
  const resolution = resolve(facts, world, facts.explain === true ? [] : null);
  // Reasons cost time; a refusal is worth it.
  return resolution.kind === 'refuse' && facts.explain !== true ? resolve(facts, world, []) : resolution;
};

/** The requested tenant is the caller's own, or nobody is acting. */
const resolveOwn = (facts: RequestFacts, world: ResolutionWorld, reasons: Reasons): Resolution => {
  const { snapshot } = world;
  const tenant = snapshot.byId(facts.requestedTenant);
  if (tenant === undefined || isExpired(tenant, facts.now)) return refuseTenant(tenant, facts, reasons);
  const home = world.modulesServing(tenant.id);
  const stay = (): Execution => execute(facts, tenant.id, 'requested', null, reasons, STAYS);
  // Without a user there is nobody whose requests a relation could allow; a module that names this tenant means it.
  const isBound =
    facts.originTenant === null ||
    facts.acting === false ||
    home?.executesIn === 'origin' ||
    (facts.explicit === true && facts.moduleOfCaller !== undefined);
  const relations = isBound ? NONE : snapshot.relationsOf(tenant.id);
  if (relations.length > 0) {
    const claimed = applyRules(facts, world, tenant, home, reasons);
    if (claimed !== null) return claimed;
  }
  if (home !== undefined) return stay();
  reasons?.push(
    `${tenant.id}: no module that is enabled for it answers ${facts.method} ${quoted(facts.path)}`,
  );
  return relations.length === 0
    ? refuseUnserved(tenant.id, NONE, reasons)
    : chooseCandidate(facts, world, tenant, reasons);
};

/** Step 2. Null when no rule claims the request. */
const applyRules = (
  facts: RequestFacts,
  world: ResolutionWorld,
  tenant: Tenant,
  home: ServingModule | undefined,
  reasons: Reasons,
): Resolution | null => {
  const index = world.snapshot.rulesOf(tenant.id);
  const rules = reasons === null ? index.possible(facts) : index.all;
  for (const compiled of rules) {
    const { relation, name } = compiled;
    if (!isInForce(relation, facts.now)) {
      reasons?.push(`${name}: its relation is expired`);
      continue;
    }
    const verdict = matchRule(compiled, facts);
    if (verdict.kind === 'no-match') {
      reasons?.push(`${name}: ${verdict.reason}`);
      continue;
    }
    if (!concerns(relation, compiled, home, world)) {
      reasons?.push(`${name}: it matches, but ${relation.id} does not name the module that answers`);
      continue;
    }
    if (verdict.kind === 'needs-body')
      return { kind: 'needs-body', why: [...(reasons ?? []), `${name} looks at the body`] };
    if (verdict.kind === 'ambiguous') {
      const message = `the parameter ${verdict.parameter} was sent with different values`;
      reasons?.push(`${name}: ${message}`);
      return refuse('TENANT_QUERY_AMBIGUOUS', message, reasons);
    }
    return executeRule(facts, world, compiled, reasons);
  }
  return null;
};

/** A rule that claims a request is obeyed or the request is refused: the tenant's own module is no way around it. */
const executeRule = (
  facts: RequestFacts,
  world: ResolutionWorld,
  { relation, rule, name }: CompiledRule,
  reasons: Reasons,
): Resolution => {
  const problem = candidateProblem(relation, rule.tenant, facts, world);
  if (problem === null)
    return execute(facts, rule.tenant, name, relation, reasons, `${name} claims the request`);
  reasons?.push(`${name}: it claims the request for ${rule.tenant}, but ${problem}`);
  return refuse(
    'TENANT_RULE_UNSERVED',
    `${name} sends this request to ${rule.tenant}, where ${problem}`,
    reasons,
  );
};

/** Step 3 and 4. */
const chooseCandidate = (
  facts: RequestFacts,
  world: ResolutionWorld,
  tenant: Tenant,
  reasons: Reasons,
): Resolution => {
  const candidates = new Map<TenantId, Relation>();
  const looked: string[] = [];
  for (const relation of world.snapshot.relationsOf(tenant.id)) {
    if (!isInForce(relation, facts.now)) {
      reasons?.push(`${relation.id}: it is expired`);
      continue;
    }
    looked.push(relation.id);
    for (const id of relation.executesAs) {
      const problem = candidateProblem(relation, id, facts, world);
      reasons?.push(`${relation.id}: ${id}: ${problem ?? 'it could execute the request'}`);
      if (problem === null && !candidates.has(id)) candidates.set(id, relation);
      if (candidates.size > MAX_NAMED) break;
    }
  }
  const [only] = candidates;
  if (only === undefined) return refuseUnserved(tenant.id, looked, reasons);
  if (candidates.size === 1) return execute(facts, only[0], 'only-candidate', only[1], reasons, ONLY);
  const named = [...candidates.keys()].slice(0, MAX_NAMED).join(', ');
  const more = candidates.size > MAX_NAMED ? ' and more' : '';
  const message = `several tenants could execute this request: ${named}${more}; name one in X-Okapi-Tenant`;
  return refuse('TENANT_AMBIGUOUS', message, reasons);
};

/** Another tenant than the caller's own. What does not work out is refused in one and the same way. */
const resolveForeign = (facts: RequestFacts, world: ResolutionWorld, reasons: Reasons): Resolution => {
  const { snapshot } = world;
  const origin = snapshot.byId(facts.originTenant ?? '');
  const target = snapshot.byId(facts.requestedTenant);
  const notAllowed = (reason: string): Refusal => {
    reasons?.push(reason);
    return refuse(
      'TENANT_NOT_ALLOWED',
      `tenant ${quoted(facts.requestedTenant)} cannot be used for this request`,
      reasons,
    );
  };
  if (facts.acting === false)
    return notAllowed('the calling module works for no user, so that no relation applies');
  if (origin === undefined || isExpired(origin, facts.now))
    return notAllowed('the origin tenant is unknown or expired');
  if (target === undefined || isExpired(target, facts.now))
    return notAllowed('the requested tenant is unknown or expired');
  const relations = snapshot
    .relationsOf(origin.id)
    .filter((relation) => isInForce(relation, facts.now) && relation.executesAs.includes(target.id));
  if (relations.length === 0) return notAllowed(`no relation of ${origin.id} in force reaches ${target.id}`);

  const explicit = facts.explicit ?? facts.moduleOfCaller === undefined;
  const served = world.modulesServing(target.id);
  const naming = served && relations.find((relation) => names(relation, served));
  if (naming && (explicit || served.executesIn === 'requested')) {
    const rule = explicit ? 'named' : 'callback';
    return execute(
      facts,
      target.id,
      rule,
      naming,
      reasons,
      `${naming.id} names ${served.id} and ${target.id}`,
    );
  }
  if (served?.executesIn === 'origin') {
    const atHome = world.modulesServing(origin.id);
    if (atHome === undefined)
      return notAllowed(`${served.id} is executed for ${origin.id}, which has no module for it`);
    return execute(
      facts,
      origin.id,
      'origin',
      null,
      reasons,
      `${atHome.id} is executed where the user belongs`,
    );
  }
  if (explicit) return notAllowed(`${served?.id ?? 'no module there'}: no relation of ${origin.id} names it`);
  if (served === undefined) {
    reasons?.push(`${target.id}: no module that is enabled for it answers, so the origin tenant is asked`);
    // `query` by name: it may be a getter of a class, which the spread leaves behind.
    return resolveOwn({ ...facts, query: facts.query, requestedTenant: origin.id }, world, reasons);
  }
  // The calling module is executed there by right, and asks the modules beside it.
  const carrying = relations.find((relation) => carries(relation, facts));
  if (!carrying) return notAllowed(`no relation of ${origin.id} names ${served.id} or the calling module`);
  return execute(
    facts,
    target.id,
    'callback',
    carrying,
    reasons,
    `the calling module is there by ${carrying.id}`,
  );
};

const carries = (relation: Relation, { moduleOfCaller, relationOfCaller }: RequestFacts): boolean =>
  relation.key === relationOfCaller || (moduleOfCaller !== undefined && names(relation, moduleOfCaller));

/** Why a tenant cannot execute the request under a relation; null: it can. */
const candidateProblem = (
  relation: Relation,
  id: TenantId,
  facts: RequestFacts,
  world: ResolutionWorld,
): string | null => {
  const tenant = world.snapshot.byId(id);
  if (tenant === undefined || isExpired(tenant, facts.now)) return 'the tenant is unknown or expired';
  const module = world.modulesServing(id);
  if (module === undefined) return 'no module that is enabled for it answers';
  if (module.executesIn === 'origin') return `${module.id} is executed for the origin tenant only`;
  return names(relation, module) ? null : `${relation.id} does not name ${module.id}`;
};

/** Is the relation about the module that answers this request, at the rule's tenant, at home, or at another of its tenants? */
const concerns = (
  relation: Relation,
  { rule }: CompiledRule,
  home: ServingModule | undefined,
  world: ResolutionWorld,
): boolean => {
  const target = world.modulesServing(rule.tenant);
  if (target !== undefined && names(relation, target)) return true;
  if (home !== undefined) return names(relation, home);
  return relation.executesAs.some((id) => {
    const module = world.modulesServing(id);
    return module !== undefined && names(relation, module);
  });
};

const names = (relation: Relation, module: NamedModule): boolean =>
  relation.modules.includes(module.product) ||
  relation.modules.includes(module.id) ||
  module.interfaces.some((id) => relation.modules.includes(id));

const isInForce = (relation: Relation, now: number): boolean =>
  relation.expiresAt === null || now < relation.expiresAt;

const NONE: readonly never[] = [];
const STAYS = 'a module that is enabled for the requested tenant answers, and no rule claims the request';
const ONLY = 'it is the only related tenant whose module answers';

const execute = (
  facts: RequestFacts,
  tenant: TenantId,
  rule: string,
  relation: Relation | null,
  reasons: Reasons,
  reason: string,
): Execution => ({
  kind: 'execute',
  tenant,
  originTenant: facts.originTenant,
  relation,
  rule,
  why: reasons === null ? [reason] : [...reasons, `${tenant}: ${reason}`],
  ceiling: relation === null ? null : relation.permissions,
});
