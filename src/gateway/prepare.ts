import type { Execution, NamedModule, RequestFacts as ResolutionFacts, Resolution } from '#tenants';
import { collectBody } from './body.ts';
import { type Caller, homeOf, worksAlone } from './caller.ts';
import { isAbroad, type RequestContext, type RequestFacts } from './context.ts';
import type { Entry } from './entry.ts';
import { judgeBody, unjudgeable } from './judged-body.ts';
import type { ExecuteDeps, KnownRequest } from './known-request.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { hasOwnAuth, nobodyKnowsAccounts } from './own-auth.ts';
import { authFirst, type Plan, planRequest, type PlanRequest } from './plan.ts';
import { type Refusal, refuse } from './refusal.ts';
import { resolutionWorld } from './resolution-world.ts';
import type { Target } from './target.ts';

/** What may differ between the first attempt and one that a filter asked for. */
export type Wish = Pick<KnownRequest, 'requestedTenant' | 'headers' | 'body' | 'contentLength'>;

/**
 * Resolves the tenant and routes in its world. A rule that looks at the body makes it be held.
 */
export const prepare = (
  request: KnownRequest,
  wish: Wish,
  hop: number,
  done: ReadonlySet<Entry>,
  deps: ExecuteDeps,
): Prepared | Promise<Prepared> => {
  const resolution = resolve(request, wish.requestedTenant, undefined, deps);
  return resolution.kind === 'needs-body'
    ? prepareByBody(request, wish, hop, done, deps)
    : prepared(request, wish, resolution, hop, done, deps);
};

/** A request that can run, or why it cannot. */
export type Prepared = Refusal | { readonly kind: 'ready'; readonly pipeline: PipelineRequest };

const prepareByBody = async (
  request: KnownRequest,
  wish: Wish,
  hop: number,
  done: ReadonlySet<Entry>,
  deps: ExecuteDeps,
): Promise<Prepared> => {
  const isEmpty = wish.body === null || wish.contentLength === 0;
  const refusal = isEmpty ? null : unjudgeable(wish.headers);
  if (refusal !== null) return refusal;
  const body = await collectBody(wish.body, deps.maxBufferedBytes, wish.contentLength);
  const judged = judgeBody(body);
  if (judged.kind === 'refused') return judged;
  const resolution = resolve(request, wish.requestedTenant, judged.value, deps);
  const held = { ...wish, body, contentLength: body.length };
  return prepared(request, held, resolution, hop, done, deps);
};

const prepared = (
  request: KnownRequest,
  wish: Wish,
  resolution: Resolution,
  hop: number,
  done: ReadonlySet<Entry>,
  deps: ExecuteDeps,
): Prepared => {
  if (resolution.kind !== 'execute') {
    const no = resolution.kind === 'refuse' ? resolution : unresolvable;
    return refuse(no.status, no.code, no.message, no.why.join('; '));
  }
  const context = contextOf(request, resolution, hop);
  const plan = planFor(request, context, deps);
  if (plan.kind === 'refused') return plan;
  return {
    kind: 'ready',
    pipeline: {
      context,
      plan,
      facts: factsOf(request, deps),
      path: request.target.path,
      headers: wish.headers,
      body: wish.body,
      contentLength: wish.contentLength,
      callerPermissions: callerPermissionsOf(request.caller, context, plan, deps),
      done,
      trace: request.trace,
      onGone: request.onGone,
    },
  };
};

const resolve = (request: KnownRequest, wanted: string, body: unknown, deps: ExecuteDeps): Resolution =>
  deps.resolveTenant(new Question(request, wanted, body, deps), resolutionWorld(planQuestion(request), deps));

/** What resolution asks; the query is parsed when a rule looks at it. */
class Question implements ResolutionFacts {
  readonly requestedTenant: string;
  readonly originTenant: string | null;
  readonly acting: boolean;
  readonly method: string;
  readonly path: string;
  readonly now: number;
  readonly body?: unknown;
  readonly explicit?: boolean;
  readonly moduleOfCaller?: NamedModule;
  readonly relationOfCaller?: string | null;
  readonly #target: Target;

  constructor({ caller, method, target }: KnownRequest, wanted: string, body: unknown, deps: ExecuteDeps) {
    this.requestedTenant = wanted;
    this.originTenant = homeOf(caller);
    this.acting = !worksAlone(caller);
    this.method = method;
    this.path = target.path;
    this.now = deps.clock.now();
    this.#target = target;
    if (body !== undefined) this.body = body;
    if (caller.kind !== 'module') return;
    // A module keeps working for its execution tenant, unless it names another one itself.
    this.explicit = wanted !== caller.claims.tenant;
    this.relationOfCaller = caller.claims.relation;
    const module = deps.routes.module(caller.claims.module);
    if (module !== undefined) this.moduleOfCaller = module;
  }
  get query(): URLSearchParams {
    return new URLSearchParams(this.#target.query);
  }
}

const planQuestion = ({ method, target, moduleId, caller }: KnownRequest): Omit<PlanRequest, 'tenant'> => ({
  method,
  path: target.path,
  uri: target.uri,
  moduleId,
  hasToken: caller.kind !== 'anonymous',
});

const planFor = (request: KnownRequest, context: RequestContext, deps: ExecuteDeps): Plan | Refusal => {
  const table = deps.routes.of(context.tenant);
  if (request.target.path.startsWith('/_/')) return noRoute("paths under /_/ are the gateway's own");
  const { caller } = request;
  if (caller.kind === 'module' && !deps.routes.of(caller.claims.tenant).modules.has(caller.claims.module))
    return refuse(
      401,
      'GATEWAY_TOKEN_INVALID',
      'Invalid token',
      'the calling module is not enabled any more',
    );
  if (caller.kind === 'module' && caller.claims.expiresAt <= deps.clock.now())
    return refuse(
      401,
      'GATEWAY_TOKEN_INVALID',
      'Invalid token',
      'what allowed the calling module to act is over',
    );
  const plan = planRequest(table, { ...planQuestion(request), tenant: context.tenant });
  if (plan.kind === 'no-handler')
    return noRoute(`no module of ${context.tenant} serves this path and method`);
  if (plan.kind === 'redirect-failed') return refuse(500, 'GATEWAY_REDIRECT', plan.message);
  if (
    caller.kind === 'foreign' &&
    !plan.steps.some(({ entry }) => entry.phase === 'auth' && !deps.isLocal(entry.module.id))
  )
    return refuse(
      401,
      'GATEWAY_TOKEN_INVALID',
      'Invalid token',
      'a token that is not ours, and no remote auth filter to judge it',
    );
  for (const { entry } of plan.steps)
    if (entry.type === 'internal' && !deps.isLocal(entry.module.id))
      return refuse(
        500,
        'GATEWAY_INTERNAL_ENTRY',
        `Unhandled internal module path=${request.target.path}`,
        `${entry.module.id} has an entry of type internal and is not in this process`,
      );
    else if (entry.type !== 'redirect' && !deps.isRunning(entry.module.id))
      return refuse(404, 'GATEWAY_NO_INSTANCE', `No running module instance found for ${entry.module.id}`);
  if (context.requiresAccount && !hasOwnAuth(plan, deps)) return nobodyKnowsAccounts(context.tenant);
  return isAbroad(context) ? authFirst(plan) : plan;
};

const contextOf = (request: KnownRequest, resolution: Execution, hop: number): RequestContext => {
  const { caller } = request;
  const known = caller.kind === 'user' || caller.kind === 'module' ? caller.claims : null;
  return Object.freeze({
    requestId: request.requestId,
    transaction: request.transaction,
    caller,
    requestedTenant: request.requestedTenant,
    tenant: resolution.tenant,
    originTenant: homeOf(caller) ?? resolution.tenant,
    relation: resolution.relation?.id ?? null,
    relationKey: resolution.relation?.key ?? null,
    ceiling: resolution.ceiling,
    requiresAccount: resolution.relation?.requiresAccount ?? false,
    rule: resolution.rule,
    expiresAt: Math.min(known?.expiresAt ?? Infinity, resolution.relation?.expiresAt ?? Infinity),
    hop,
    actors: caller.kind === 'module' ? [...caller.claims.actors, caller.claims.module] : noActors,
  });
};

const noActors: readonly string[] = Object.freeze([]);

/**
 * What the calling module may do by itself goes with the call as long as the tenant stays the same, or to modules that by
 * their nature are executed where the acting user belongs (the users module finds the creator at home).
 */
const callerPermissionsOf = (
  caller: Caller,
  context: RequestContext,
  plan: Plan,
  deps: ExecuteDeps,
): readonly string[] => {
  if (caller.kind !== 'module') return noPermissions;
  const { claims } = caller;
  const atHome = context.tenant === claims.originTenant && plan.handler.module.executesIn === 'origin';
  if (context.tenant !== claims.tenant && !atHome) return noPermissions;
  return deps.routes.module(claims.module)?.entries[claims.entry]?.modulePermissions ?? noPermissions;
};

const noPermissions: readonly string[] = Object.freeze([]);

const factsOf = (request: KnownRequest, deps: ExecuteDeps): RequestFacts => ({
  requestId: request.requestId,
  method: request.method,
  gatewayUrl: deps.gatewayUrl(),
  clientAddress: request.clientAddress,
  receivedAt: deps.clock.now(),
});

const noRoute = (why: string): Refusal =>
  refuse(404, 'GATEWAY_NO_ROUTE', 'No suitable module found for path and tenant', why);

const unresolvable = {
  status: 500,
  code: 'GATEWAY_RESOLUTION',
  message: 'Tenant resolution failed',
  why: ['tenant resolution asked for the body twice'],
};
