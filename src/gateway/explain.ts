import { AppError } from '#core';
import type { Execution, Resolution } from '#tenants';
import type { ExecuteDeps } from './known-request.ts';
import type { Step } from './plan.ts';
import { hasOwnAuth, nobodyKnowsAccounts } from './own-auth.ts';
import { authFirst, planRequest } from './plan.ts';
import { resolutionWorld } from './resolution-world.ts';
import { splitTarget } from './target.ts';

/** A request that is not made. */
export interface ExplainQuestion {
  readonly requestedTenant: string;
  /** Home of the acting user; null: nobody is acting. */
  readonly originTenant: string | null;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly moduleId: string | null;
  /** The JSON body, parsed; undefined: none given. */
  readonly body: unknown;
}

/** For whom a request would be executed, and by which modules. */
export interface Explanation {
  readonly requestedTenant: string;
  readonly originTenant: string | null;
  readonly method: string;
  readonly path: string;
  readonly outcome: 'executed' | 'refused' | 'needs-body';
  /** Execution tenant. */
  readonly tenant: string | null;
  readonly relation: string | null;
  readonly rule: string | null;
  readonly ceiling: readonly string[] | null;
  /** Must the user have an account in the execution tenant? Whether a user has one is not looked at. */
  readonly requiresAccount: boolean;
  /** Sentences, in the order in which things were looked at. */
  readonly why: readonly string[];
  /** Of a refusal. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** The pipeline in its order; empty when refused. */
  readonly steps: readonly ExplainedStep[];
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}

/** One entry of the pipeline. */
export interface ExplainedStep {
  readonly phase: 'auth' | 'pre' | 'handler' | 'post' | 'filter';
  readonly module: string;
  readonly entry: string;
  readonly type: string;
  readonly running: boolean;
}

/** Reads `tenant`, `origin` (default: the tenant; empty: nobody), `method`, `path`, `moduleId`, `body`. Errors: 400. */
export const readExplainQuestion = (query: URLSearchParams): ExplainQuestion => {
  const tenant = query.get('tenant');
  const path = query.get('path');
  if (tenant === null || tenant === '') throw bad("Missing value for parameter 'tenant'");
  if (path === null || path === '') throw bad("Missing value for parameter 'path'");
  const origin = query.get('origin') ?? tenant;
  const body = query.get('body');
  return {
    requestedTenant: tenant,
    originTenant: origin === '' ? null : origin,
    method: (query.get('method') ?? 'GET').toUpperCase(),
    path,
    moduleId: query.get('moduleId'),
    body: body === null ? undefined : parsed(body),
  };
};

/** Answers a question without calling anything. Errors: `GATEWAY_TARGET…` (400) for a path that would be refused. */
export const explain = (
  question: ExplainQuestion,
  deps: Pick<ExecuteDeps, 'registry' | 'routes' | 'clock' | 'resolveTenant' | 'isRunning' | 'authoriseOf'>,
): Explanation => {
  const target = splitTarget(question.path, 65_536);
  if (target.kind === 'refused') throw new AppError(target.code, target.message, { status: target.status });
  const ask = {
    method: question.method,
    path: target.path,
    uri: target.uri,
    moduleId: question.moduleId,
    hasToken: question.originTenant !== null,
  };
  const resolution = deps.resolveTenant(
    {
      requestedTenant: question.requestedTenant,
      originTenant: question.originTenant,
      method: question.method,
      path: target.path,
      query: new URLSearchParams(target.query),
      now: deps.clock.now(),
      explain: true,
      ...(question.body === undefined ? {} : { body: question.body }),
    },
    resolutionWorld(ask, deps),
  );
  const base = baseOf(question, resolution);
  if (resolution.kind !== 'execute') return base;
  const plan = planRequest(deps.routes.of(resolution.tenant), { ...ask, tenant: resolution.tenant });
  if (plan.kind !== 'plan')
    return {
      ...base,
      outcome: 'refused',
      status: plan.kind === 'no-handler' ? 404 : 500,
      code: plan.kind === 'no-handler' ? 'GATEWAY_NO_ROUTE' : 'GATEWAY_REDIRECT',
      message: plan.kind === 'no-handler' ? 'No suitable module found for path and tenant' : plan.message,
    };
  if (base.requiresAccount && !hasOwnAuth(plan, deps)) {
    const { status, code, message, why = '' } = nobodyKnowsAccounts(resolution.tenant);
    return { ...base, outcome: 'refused', status, code, message, why: [...base.why, why] };
  }
  const isAway =
    resolution.relation !== null || resolution.tenant !== (question.originTenant ?? resolution.tenant);
  const { steps } = isAway ? authFirst(plan) : plan;
  return {
    ...base,
    steps: steps.map((step) => explainedStep(step, deps)),
    permissionsRequired: plan.permissionsRequired,
    permissionsDesired: plan.permissionsDesired,
  };
};

const baseOf = (question: ExplainQuestion, resolution: Resolution): Explanation => {
  const execution = resolution.kind === 'execute' ? resolution : null;
  const refusal = resolution.kind === 'refuse' ? resolution : null;
  return {
    requestedTenant: question.requestedTenant,
    originTenant: question.originTenant,
    method: question.method,
    path: question.path,
    outcome: execution !== null ? 'executed' : refusal !== null ? 'refused' : 'needs-body',
    tenant: execution?.tenant ?? null,
    relation: execution?.relation?.id ?? null,
    rule: execution?.rule ?? null,
    ceiling: execution?.ceiling ?? null,
    requiresAccount: execution?.relation?.requiresAccount ?? false,
    why:
      execution?.relation?.requiresAccount === true
        ? [...resolution.why, accountOf(execution)]
        : resolution.why,
    status: refusal?.status ?? null,
    code: refusal?.code ?? null,
    message: refusal?.message ?? null,
    steps: [],
    permissionsRequired: [],
    permissionsDesired: [],
  };
};

const accountOf = ({ tenant, relation }: Execution): string =>
  `${tenant}: ${relation?.id ?? ''} lets in only users for whom ${tenant} has made an account`;

const explainedStep = ({ entry }: Step, deps: Pick<ExecuteDeps, 'isRunning'>): ExplainedStep => ({
  phase: entry.kind !== 'filter' ? 'handler' : (entry.phase ?? 'filter'),
  module: entry.module.id,
  entry: entry.label,
  type: entry.type,
  running: deps.isRunning(entry.module.id),
});

const bad = (message: string): AppError => new AppError('GATEWAY_EXPLAIN', message, { status: 400 });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw bad("Bad JSON for parameter 'body'");
  }
};
