import { AppError, errorCode, errorText } from '#core';
import { tokenFacts } from './auth-phase.ts';
import { auditBefore } from './audit.ts';
import { type Caller, homeOf, userIdOf } from './caller.ts';
import { isAbroad } from './context.ts';
import type { Entry } from './entry.ts';
import type { Answer, ExecuteDeps, KnownRequest } from './known-request.ts';
import type { AuditEnd } from './options.ts';
import type { TraceBeginning } from './trace.ts';
import { askHome, hasOwnAuth } from './own-auth.ts';
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
  const audited: Audited = { end: null };
  try {
    const hop = request.caller.kind === 'module' ? request.caller.claims.hop + 1 : 0;
    if (hop > maxHops) return refusalAnswer(loop, request, deps);
    const preparing = prepare(request, request, hop, noEntries, deps);
    const attempt = preparing instanceof Promise ? await preparing : preparing;
    if (attempt.kind === 'refused') return refusalAnswer(attempt, request, deps);
    const running = attempt.pipeline;
    const unwelcome = isAbroad(running.context) ? await refusedAtHome(running, deps) : null;
    if (unwelcome !== null) return refusalAnswer(unwelcome, request, deps);
    const beginning = auditBefore(running, deps.audit);
    if (beginning !== null) audited.end = await beginning;
    const outcome = await runPipeline(running, deps);
    if (outcome.kind === 'answer') return answered(running, outcome, audited);
    return await executeElsewhere(request, running, outcome, audited, deps);
  } catch (error) {
    const status = error instanceof AppError ? error.status : 500;
    audited.end?.(status);
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

/**
 * Where only remote auth filters judge somebody of another tenant, the filters of his own are asked first whether he may act at all: the others know nothing of
 * a session that has ended there. Null: nothing speaks against it.
 */
const refusedAtHome = async (request: PipelineRequest, deps: ExecuteDeps): Promise<Refusal | null> => {
  const token = tokenFacts(request);
  if (token?.userId === undefined || token.userId === null || hasOwnAuth(request.plan, deps)) return null;
  const verdict = await askHome(token, request.context.requestId, request.path, deps);
  if (verdict === null || verdict.kind === 'granted') return null;
  return refuse(verdict.status, 'GATEWAY_REFUSED_AT_HOME', verdict.message);
};

const loop = refuse(508, 'GATEWAY_LOOP', 'Loop detected: too many modules have called each other');
const noEntries: ReadonlySet<Entry> = new Set();

/**
 * A `pre` filter of the caller's own tenant has named another one. It only proposes: the tenant is resolved as if the caller had
 * named it, at most once per request, and everything that belongs to a tenant (route, auth, later filters) begins anew there.
 */
const executeElsewhere = async (
  request: KnownRequest,
  before: PipelineRequest,
  wish: Extract<PipelineOutcome, { kind: 'retarget' }>,
  audited: Audited,
  deps: ExecuteDeps,
): Promise<Answer> => {
  const { context, plan } = before;
  const refused = (why: string): Answer => {
    audited.end?.(403);
    return refusalAnswer(refusedWish(why), request, deps);
  };
  // By a rule, or by the caller who has named a tenant that is not his own: its filters have no say in where his relations lead.
  if (context.tenant !== context.requestedTenant || context.relation !== null)
    return refused('the tenant had been replaced before');
  if (homeOf(request.caller) === null) return refused('nobody is acting whose relations could allow it');
  const ran = plan.steps.map(({ entry }) => entry).filter((entry) => entry.phase === 'pre');
  const done = new Set(ran.slice(0, ran.indexOf(wish.by) + 1));
  const attempt = await prepare(request, { ...wish, requestedTenant: wish.tenant }, context.hop, done, deps);
  if (attempt.kind === 'refused') return refused(attempt.why ?? attempt.message);
  if (attempt.pipeline.context.tenant !== wish.tenant)
    return refused('requests of that tenant are executed for another one');
  const unwelcome = await refusedAtHome(attempt.pipeline, deps);
  if (unwelcome !== null) return refused(unwelcome.message);
  const beginning = auditBefore(attempt.pipeline, deps.audit);
  // What was begun in the tenant of the filter stays without a result.
  audited.end = beginning === null ? null : await beginning;
  const outcome = await runPipeline(attempt.pipeline, deps);
  if (outcome.kind === 'answer') return answered(attempt.pipeline, outcome, audited);
  return refused('the tenant was to be replaced twice');
};

/** What the audit wants to know of the end of a request. */
interface Audited {
  end: AuditEnd | null;
}

const answered = (
  { context }: PipelineRequest,
  { response, by }: Extract<PipelineOutcome, { kind: 'answer' }>,
  audited: Audited,
): Answer => {
  audited.end?.(response.status);
  return { response, by, context };
};

const refusedWish = (why: string): Refusal =>
  refuse(
    403,
    'GATEWAY_FILTER_TENANT',
    'No suitable module found for path and tenant',
    `a filter named a tenant: ${why}`,
  );

/** Failures of modules are told with their status; what exactly happened is in the trace, under the request id. */
const publicText = (status: number, error: unknown): string => {
  const own = ownTexts.get(errorCode(error));
  if (own !== undefined) return own;
  if (status < 500 && error instanceof AppError) return error.message;
  if (status === 504) return 'The module did not answer in time';
  return status === 502 ? 'The module could not be reached or gave no valid answer' : 'The module failed';
};

const ownTexts: ReadonlyMap<string, string> = new Map([
  [
    'GATEWAY_AUDIT',
    'Nothing was done: this request is for another organization than your own, and the audit trail cannot be written now. Try again later',
  ],
  ['GATEWAY_MODULE_BUSY', 'The module has too much to do, try again in a moment'],
]);

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

/** When somebody may try again whom the gateway itself answered 503. */
const retryAfterSeconds = 5;

/** The gateway's own answer as a response. */
export const refusalResponse = (refusal: Refusal): StageResponse => ({
  status: refusal.status,
  headers: {
    'content-type': 'text/plain',
    ...(refusal.status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {}),
  },
  body: refusal.message,
  contentLength: null,
});

/** Who asks, for the trace. */
export const traceCaller = (caller: Caller, path: string): TraceBeginning => ({
  userId: userIdOf(caller),
  originTenant: homeOf(caller),
  path,
});
