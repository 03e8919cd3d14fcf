import { AppError, type Clock, errorCode, errorText, type Log } from '#core';
import type {
  Execution,
  NamedModule,
  RequestFacts as ResolutionFacts,
  Resolution,
  ResolutionWorld,
  TenantRegistry,
} from '#tenants';
import { type Body, collectBody, parseJsonBody } from './body.ts';
import { type Caller, homeOf, userIdOf } from './caller.ts';
import type { RequestContext, RequestFacts } from './context.ts';
import type { Entry } from './entry.ts';
import type { RequestHeaders } from './header-rules.ts';
import type { TraceRecorder } from './hops.ts';
import type { AuditEntry } from './options.ts';
import { type PipelineDeps, type PipelineOutcome, type PipelineRequest, runPipeline } from './pipeline.ts';
import { type Plan, planRequest, type PlanRequest } from './plan.ts';
import { type Refusal, refuse } from './refusal.ts';
import { resolutionWorld } from './resolution-world.ts';
import type { Routes } from './routes.ts';
import type { StageResponse } from './stages/stage.ts';
import type { Target } from './target.ts';

/** A request whose caller is known: from outside, or of a module in process. */
export interface KnownRequest {
  readonly requestId: string;
  /** Request id of the first request of the chain. */
  readonly transaction: string;
  readonly method: string;
  readonly target: Target;
  readonly caller: Caller;
  readonly requestedTenant: string;
  readonly moduleId: string | null;
  readonly headers: RequestHeaders;
  readonly body: Body;
  readonly contentLength: number | null;
  readonly clientAddress: string;
  readonly trace: TraceRecorder;
  onGone(gone: () => void): () => void;
}

/** An answer for whoever has asked. */
export interface Answer {
  readonly response: StageResponse;
  /** Null when the gateway itself answers. */
  readonly by: Entry | null;
  /** Null when no tenant was found. */
  readonly context: RequestContext | null;
}

/** What execution needs. */
export interface ExecuteDeps extends PipelineDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly routes: Routes;
  readonly resolveTenant: (facts: ResolutionFacts, world: ResolutionWorld) => Resolution;
  readonly clock: Clock;
  readonly log: Log;
  readonly gatewayUrl: () => string;
  audit(entry: AuditEntry): void;
  /** Is there an instance, or is it in process? */
  isRunning(moduleId: string): boolean;
  isLocal(moduleId: string): boolean;
}

/** Modules between a client and the last module at most. */
export const maxHops = 8;

/**
 * Resolves the tenant, routes in its world and runs the pipeline. Every failure is an answer; nothing is thrown.
 */
export const execute = async (request: KnownRequest, deps: ExecuteDeps): Promise<Answer> => {
  try {
    const hop = request.caller.kind === 'module' ? request.caller.claims.hop + 1 : 0;
    if (hop > maxHops) return refusalAnswer(loop, request, deps);
    const preparing = prepare(request, request, hop, noEntries, deps);
    const attempt = preparing instanceof Promise ? await preparing : preparing;
    if (attempt.kind === 'refused') return refusalAnswer(attempt, request, deps);
    audit(attempt.pipeline, deps);
    const outcome = await runPipeline(attempt.pipeline, deps);
    if (outcome.kind === 'answer')
      return { response: outcome.response, by: outcome.by, context: attempt.pipeline.context };
    return await executeElsewhere(request, attempt.pipeline, outcome, deps);
  } catch (error) {
    const status = error instanceof AppError ? error.status : 500;
    deps.log.warn('request_failed', {
      request_id: request.requestId,
      code: errorCode(error),
      status,
      err: errorText(error),
    });
    const refusal = refuse(status, errorCode(error), publicText(status, error), errorText(error));
    return refusalAnswer(refusal, request, deps);
  }
};

const loop = refuse(508, 'GATEWAY_LOOP', 'Loop detected: too many modules have called each other');
const encodedBody = refuse(
  415,
  'GATEWAY_BODY_ENCODED',
  'The body of this request must be sent without Content-Encoding',
  'a rule looks at the body, and an encoded one would pass it by',
);
const noEntries: ReadonlySet<Entry> = new Set();

/**
 * A `pre` filter has named another tenant. It only proposes: the tenant is resolved as if the caller had named it, at most
 * once per request, and everything that belongs to a tenant (route, auth, later filters) begins anew there.
 */
const executeElsewhere = async (
  request: KnownRequest,
  before: PipelineRequest,
  wish: Extract<PipelineOutcome, { kind: 'retarget' }>,
  deps: ExecuteDeps,
): Promise<Answer> => {
  const { context, plan } = before;
  if (context.tenant !== context.requestedTenant)
    return refusalAnswer(refusedWish('the tenant had been replaced before'), request, deps);
  const ran = plan.steps.map(({ entry }) => entry).filter((entry) => entry.phase === 'pre');
  const done = new Set(ran.slice(0, ran.indexOf(wish.by) + 1));
  const attempt = await prepare(request, { ...wish, requestedTenant: wish.tenant }, context.hop, done, deps);
  if (attempt.kind === 'refused')
    return refusalAnswer(refusedWish(attempt.why ?? attempt.message), request, deps);
  if (attempt.pipeline.context.tenant !== wish.tenant)
    return refusalAnswer(refusedWish('requests of that tenant are executed for another one'), request, deps);
  audit(attempt.pipeline, deps);
  const outcome = await runPipeline(attempt.pipeline, deps);
  if (outcome.kind === 'answer')
    return { response: outcome.response, by: outcome.by, context: attempt.pipeline.context };
  return refusalAnswer(refusedWish('the tenant was to be replaced twice'), request, deps);
};

/** Before the first byte goes to a module of another tenant. */
const audit = ({ context, plan, facts }: PipelineRequest, deps: ExecuteDeps): void => {
  if (context.relation === null) return;
  deps.audit({
    requestId: context.requestId,
    transaction: context.transaction,
    userId: userIdOf(context.caller),
    originTenant: context.originTenant,
    tenant: context.tenant,
    relation: context.relation,
    rule: context.rule,
    module: plan.handler.module.id,
    method: facts.method,
    entry: plan.handler.label,
  });
};

const refusedWish = (why: string): Refusal =>
  refuse(
    403,
    'GATEWAY_FILTER_TENANT',
    'No suitable module found for path and tenant',
    `a filter named a tenant: ${why}`,
  );

/** What may differ between the first attempt and one that a filter asked for. */
type Wish = Pick<KnownRequest, 'requestedTenant' | 'headers' | 'body' | 'contentLength'>;

const prepare = (
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
type Prepared = Refusal | { readonly kind: 'ready'; readonly pipeline: PipelineRequest };

const prepareByBody = async (
  request: KnownRequest,
  wish: Wish,
  hop: number,
  done: ReadonlySet<Entry>,
  deps: ExecuteDeps,
): Promise<Prepared> => {
  if ((wish.headers['content-encoding'] ?? 'identity') !== 'identity') return encodedBody;
  const body = await collectBody(wish.body, deps.maxBufferedBytes);
  const resolution = resolve(request, wish.requestedTenant, jsonOrNull(body), deps);
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
    if (entry.type !== 'redirect' && !deps.isRunning(entry.module.id))
      return refuse(404, 'GATEWAY_NO_INSTANCE', `No running module instance found for ${entry.module.id}`);
  return plan;
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
    ceiling: resolution.ceiling,
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

const jsonOrNull = (bytes: Uint8Array): unknown => {
  try {
    return parseJsonBody(bytes);
  } catch {
    return null;
  }
};

/** Failures of modules are told with their status; what exactly happened is in the trace, under the request id. */
const publicText = (status: number, error: unknown): string => {
  if (status < 500 && error instanceof AppError) return error.message;
  if (status === 504) return 'The module did not answer in time';
  return status === 502 ? 'The module could not be reached or gave no valid answer' : 'The module failed';
};

const refusalAnswer = (refusal: Refusal, request: KnownRequest, deps: Pick<ExecuteDeps, 'clock'>): Answer => {
  request.trace.refused({
    requestId: request.requestId,
    method: request.method,
    path: request.target.path,
    originTenant: homeOf(request.caller),
    requestedTenant: request.requestedTenant,
    status: refusal.status,
    at: deps.clock.monotonic(),
    error: `${refusal.code}: ${refusal.why ?? refusal.message}`,
  });
  return { response: refusalResponse(refusal), by: null, context: null };
};

/** The gateway's own answer as a response. */
export const refusalResponse = (refusal: Refusal): StageResponse => ({
  status: refusal.status,
  headers: { 'content-type': 'text/plain' },
  body: refusal.message,
  contentLength: null,
});

/** Who asks, for the trace. */
export const traceCaller = (caller: Caller): { userId: string | null; originTenant: string | null } => ({
  userId: userIdOf(caller),
  originTenant: homeOf(caller),
});
