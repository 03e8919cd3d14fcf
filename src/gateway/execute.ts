import { AppError, errorCode, errorText } from '#core';
import { subjectOf } from './call.ts';
import { type Caller, homeOf, userIdOf } from './caller.ts';
import type { Entry } from './entry.ts';
import type { Answer, ExecuteDeps, KnownRequest } from './known-request.ts';
import type { TraceBeginning } from './trace.ts';
import { runPipeline } from './pipeline.ts';
import type { PipelineOutcome, PipelineRequest } from './pipeline-request.ts';
import { prepare } from './prepare.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { StageResponse } from './stages/stage.ts';

/** Modules between a client and the last module at most. */
const maxHops = 8;

/**
 * Resolves the tenant, routes in its world and runs the pipeline. Every failure is an answer; nothing is thrown.
 */
export const execute = async (request: KnownRequest, deps: ExecuteDeps): Promise<Answer> => {
  let running: PipelineRequest | null = null;
  try {
    const hop = request.caller.kind === 'module' ? request.caller.claims.hop + 1 : 0;
    if (hop > maxHops) return refusalAnswer(loop, request, deps);
    const preparing = prepare(request, request, hop, noEntries, deps);
    const attempt = preparing instanceof Promise ? await preparing : preparing;
    if (attempt.kind === 'refused') return refusalAnswer(attempt, request, deps);
    running = attempt.pipeline;
    audit(running, deps);
    const outcome = await runPipeline(running, deps);
    if (outcome.kind === 'answer') return answered(running, outcome, deps);
    return await executeElsewhere(request, running, outcome, deps);
  } catch (error) {
    const status = error instanceof AppError ? error.status : 500;
    if (running !== null) tellActed(running, status, deps);
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
  if (outcome.kind === 'answer') return answered(attempt.pipeline, outcome, deps);
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

const answered = (
  request: PipelineRequest,
  { response, by }: Extract<PipelineOutcome, { kind: 'answer' }>,
  deps: ExecuteDeps,
): Answer => {
  tellActed(request, response.status, deps);
  return { response, by, context: request.context };
};

/** Two comparisons for nearly every request; the rest is for writes outside of the acting user's home. */
const tellActed = (request: PipelineRequest, status: number, deps: ExecuteDeps): void => {
  const { context, facts } = request;
  if (context.tenant === context.originTenant || isRead(facts.method)) return;
  deps.acted({
    requestId: context.requestId,
    userId: userIdOf(context.caller),
    subject: subjectOf(context.caller, null),
    originTenant: context.originTenant,
    tenant: context.tenant,
    relation: context.relation,
    module: request.plan.handler.module.id,
    method: facts.method,
    path: request.path,
    actors: context.actors,
    clientAddress: facts.clientAddress,
    status,
  });
};

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const refusedWish = (why: string): Refusal =>
  refuse(
    403,
    'GATEWAY_FILTER_TENANT',
    'No suitable module found for path and tenant',
    `a filter named a tenant: ${why}`,
  );

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
export const traceCaller = (caller: Caller, path: string): TraceBeginning => ({
  userId: userIdOf(caller),
  originTenant: homeOf(caller),
  path,
});
