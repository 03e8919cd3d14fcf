import { AppError } from '#core';
import { noAuth } from './auth-phase.ts';
import { incomingResponse } from './call.ts';
import type { RequestContext } from './context.ts';
import type { IncomingResponse } from './contract.ts';
import type { Entry } from './entry.ts';
import { answersMethod } from './entry.ts';
import { execute } from './execute.ts';
import type { ExecuteDeps } from './known-request.ts';
import type { RequestHeaders } from './header-rules.ts';
import { HopCall } from './hop-call.ts';
import { type Traces } from './hops.ts';
import type { GatewayOptions } from './options.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { extendRequestId } from './request-id.ts';
import { splitTarget, type Target } from './target.ts';

/** A call of a module's system interface (`_tenant`, `_timer`, `_tenantPermissions`) by the gateway. */
export interface SystemCall {
  readonly tenant: string;
  readonly moduleId: string;
  readonly method: string;
  /** Path and query; matched among the module's system entries only. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request through the whole pipeline as the gateway itself: nobody acts, and nothing is refused for lack of a right. */
export interface InternalCall extends Omit<SystemCall, 'moduleId'> {
  readonly moduleId?: string;
}

/** Calls that the gateway makes itself. */
export interface SystemCalls {
  /**
   * Calls a system entry of a module for a tenant, whether the module is enabled there or not (it may be about to be).
   * Errors: `GATEWAY_NO_SYSTEM_ENTRY`, `GATEWAY_NO_INSTANCE`, and those of the stages.
   */
  system(call: SystemCall): Promise<IncomingResponse>;
  /** Makes a request for a tenant as the gateway itself. Every failure is an answer. */
  call(call: InternalCall): Promise<IncomingResponse>;
}

/** Creates the gateway's own calls. */
export const createSystemCalls = (
  deps: ExecuteDeps,
  traces: Traces,
  options: GatewayOptions,
): SystemCalls => {
  const targetOf = (path: string): Target => {
    const target = splitTarget(path, options.maxUrlLength);
    if (target.kind === 'refused') throw new AppError(target.code, `calling ${path}: ${target.message}`);
    return target;
  };
  const begin = (path: string) => {
    return traces.begin(extendRequestId(null, path), { userId: null, originTenant: null });
  };
  return {
    system: async (call) => {
      const target = targetOf(call.path);
      const entry = systemEntry(call, target, deps);
      if (!deps.isRunning(call.moduleId))
        throw new AppError(
          'GATEWAY_NO_INSTANCE',
          `No running instances for module ${call.moduleId}. Can not invoke ${target.path}`,
          { status: 400 },
        );
      const trace = begin(target.path);
      const request = systemRequest(call, target, entry, trace, deps);
      const hop = new HopCall(
        request,
        deps,
        noAuth,
        { entry, uri: target.uri },
        call.body ?? null,
        null,
        null,
      );
      const startedAt = deps.clock.monotonic();
      const record = (status: number | null, error: string | null): void =>
        trace.called({
          context: request.context,
          entry,
          method: call.method,
          status,
          startedAt,
          endedAt: deps.clock.monotonic(),
          error,
        });
      try {
        const response = await deps.stageOf(entry).call(hop);
        record(response.status, null);
        return await incomingResponse(
          { response, by: entry, context: request.context },
          deps.maxBufferedBytes,
        );
      } catch (error) {
        record(null, String(error));
        throw error;
      }
    },
    call: async (call) => {
      const target = targetOf(call.path);
      const trace = begin(target.path);
      const answer = await execute(
        {
          requestId: trace.requestId,
          transaction: trace.requestId,
          method: call.method,
          target,
          caller: { kind: 'system' },
          requestedTenant: call.tenant,
          moduleId: call.moduleId ?? null,
          headers: headersOf(call.headers),
          body: call.body ?? null,
          contentLength: null,
          clientAddress: '',
          trace,
          onGone: () => () => undefined,
        },
        deps,
      );
      return incomingResponse(answer, deps.maxBufferedBytes);
    },
  };
};

const systemEntry = (call: SystemCall, target: Target, deps: ExecuteDeps): Entry => {
  const entry = deps.routes
    .module(call.moduleId)
    ?.entries.find(
      (each) =>
        each.kind === 'system' &&
        answersMethod(each, call.method) &&
        (each.pattern === null
          ? target.uri.startsWith(each.descriptor.path ?? '\n')
          : each.pattern.matches(target.path)),
    );
  if (entry === undefined)
    throw new AppError(
      'GATEWAY_NO_SYSTEM_ENTRY',
      `module ${call.moduleId} has no system entry for ${call.method} ${target.path}`,
      { status: 404 },
    );
  return entry;
};

const systemRequest = (
  call: SystemCall,
  target: Target,
  entry: Entry,
  trace: PipelineRequest['trace'],
  deps: ExecuteDeps,
): PipelineRequest => {
  const context: RequestContext = Object.freeze({
    requestId: trace.requestId,
    transaction: trace.requestId,
    caller: { kind: 'system' as const },
    requestedTenant: call.tenant,
    tenant: call.tenant,
    originTenant: call.tenant,
    relation: null,
    relationKey: null,
    ceiling: null,
    requiresAccount: false,
    rule: 'system',
    expiresAt: Infinity,
    hop: 0,
    actors: [],
  });
  return {
    context,
    plan: {
      kind: 'plan',
      steps: [{ entry, uri: target.uri }],
      handler: entry,
      permissionsRequired: [],
      permissionsDesired: [],
    },
    facts: {
      requestId: trace.requestId,
      method: call.method,
      gatewayUrl: deps.gatewayUrl(),
      clientAddress: '',
      receivedAt: deps.clock.now(),
    },
    path: target.path,
    headers: headersOf({ accept: '*/*', 'content-type': 'application/json; charset=UTF-8', ...call.headers }),
    body: call.body ?? null,
    contentLength: null,
    callerPermissions: [],
    done: new Set(),
    trace,
    onGone: () => () => undefined,
  };
};

const headersOf = (headers: Readonly<Record<string, string>> = {}): RequestHeaders => {
  const map: RequestHeaders = {};
  for (const [name, value] of Object.entries(headers)) map[name.toLowerCase()] = value;
  return map;
};
