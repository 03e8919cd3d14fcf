import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolveTenant } from '#tenants';
import { auditToLog } from './audit.ts';
import type { Caller } from './caller.ts';
import { callerOf, incomingResponse, outgoingRequest, subjectOf } from './call.ts';
import { createCors } from './cors.ts';
import { createEdge } from './edge.ts';
import { compileModule } from './entry.ts';
import { execute } from './execute.ts';
import type { ExecuteDeps } from './known-request.ts';
import { explain, type ExplainQuestion, type Explanation } from './explain.ts';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { createTraces } from './hops.ts';
import type { Trace, TraceQuestion, TraceSummary } from './trace.ts';
import { defaultOptions, type GatewayOptions, type GatewayParts } from './options.ts';
import type { ModuleInstance } from './module-store.ts';
import { createOwnDoor } from './own-door.ts';
import { createRoutes } from './routes.ts';
import { createLocalStage } from './stages/local.ts';
import { createAddressGuard } from './stages/address-guard.ts';
import { createRemoteStage } from './stages/remote.ts';
import { createSystemCalls, type SystemCalls } from './system-call.ts';
import { acceptsForeignToken } from './foreign-token.ts';

/** Carries every request to the right module in the context of the right tenant. */
export interface Gateway extends SystemCalls {
  /** Answers a request of Node's server. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** For whom a request would be executed, by which rule and modules; nothing is called. */
  explain(question: ExplainQuestion): Explanation;
  /** All hops of a request, by its id or the id of a request made for it; null: not kept (any more). */
  trace(requestId: string): Trace | null;
  /** The requests that are kept and fit the question, newest first. */
  recentRequests(question: TraceQuestion): readonly TraceSummary[];
  /** Ends connections to modules and the modules in process; may be called twice. */
  stop(): Promise<void>;
}

/** Creates a gateway. Errors: `GATEWAY_HANDLER_MISSING`, `GATEWAY_DISCOVERY_ALLOW`. */
export const createGateway = (parts: GatewayParts, given: Partial<GatewayOptions> = {}): Gateway => {
  const options: GatewayOptions = { ...defaultOptions, ...given };
  const { store, tokens, clock, log } = parts;
  const metrics = createGatewayMetrics(parts.metrics);
  const own = new Map(parts.modules.map((module) => [module.descriptor.id, module.descriptor]));
  const routes = createRoutes({
    descriptor: (id) => own.get(id) ?? store.descriptor(id),
    enabledFor: store.enabledFor,
    onChange: store.onChange,
  });
  const local = createLocalStage(
    parts.modules,
    ({ descriptor }) => routes.module(descriptor.id) ?? compileModule(descriptor),
    { moduleTimeoutMs: options.moduleTimeoutMs, maxBodyBytes: options.maxBufferedBodyBytes },
    log,
  );
  const instancesOf = (moduleId: string): readonly ModuleInstance[] => {
    const instances = store.instances(moduleId);
    return options.requireInstanceSecrets
      ? instances.filter(({ secret }) => secret !== undefined)
      : instances;
  };
  const remote = createRemoteStage(
    instancesOf,
    {
      headersTimeoutMs: options.moduleTimeoutMs,
      bodyTimeoutMs: options.moduleTimeoutMs,
      connectTimeoutMs: options.connectTimeoutMs,
      allow: options.discoveryAllow,
      ownPorts: options.ownPorts,
      now: () => clock.now(),
    },
    (code) => metrics.moduleFailed(code),
  );
  const traces = createTraces(
    {
      maxTraces: options.maxTraces,
      maxHopsPerTrace: options.maxHopsPerTrace,
      keepMs: options.keepTracesMs,
    },
    clock,
  );

  const deps: ExecuteDeps = {
    registry: parts.registry,
    routes,
    resolveTenant: parts.resolveTenant ?? resolveTenant,
    clock,
    log,
    maxBufferedBytes: options.maxBufferedBodyBytes,
    copyTimeoutMs: options.copyTimeoutMs,
    gatewayUrl: options.url,
    isLocal: local.has,
    isRunning: (moduleId) => local.has(moduleId) || instancesOf(moduleId).length > 0,
    stageOf: (entry) => (local.has(entry.module.id) ? local : remote),
    authoriseOf: local.authorise,
    audit: parts.audit ?? auditToLog(log),
    ignoredHeader: (entry, name) => {
      metrics.ignoredHeader();
      log.debug('header_ignored', { module: entry.module.id, header: name });
    },
    mintHopToken: (context, entry, userId) =>
      tokens.mintModule({
        module: entry.module.id,
        tenant: context.tenant,
        originTenant: context.originTenant,
        userId,
        subject: subjectOf(context.caller, null),
        actors: context.actors,
        relation: context.relationKey,
        hop: context.hop,
        transaction: context.transaction,
        entry: entry.index,
        expiresAt: context.expiresAt,
      }),
    acceptsModuleToken: (token, moduleId, context) =>
      acceptsForeignToken(token, moduleId, context.tenant, tokens),
    mayLeave: (token) => {
      const verified = tokens.verify(token);
      return verified.kind === 'refused' || verified.claims.kind !== 'module';
    },
    callAs: async (request, entry, auth, outgoing) => {
      const caller: Caller = callerOf(request.context, entry, auth, clock.now());
      const known = outgoingRequest(request, caller, outgoing, options.maxUrlLength);
      return incomingResponse(await execute(known, deps), maxAnswerBytes);
    },
  };
  const ownDoor = createOwnDoor(
    {
      traces,
      tokens,
      signedIn: deps,
      explain: (question) => explain(question, deps),
      log,
      ...(parts.admin ? { admin: parts.admin } : {}),
    },
    options,
  );
  const guard = createAddressGuard(options.discoveryAllow);
  const edge = createEdge(
    {
      mayCallBack: guard.allows,
      secretsOf: (moduleId) =>
        local.has(moduleId) ? null : secretsOf(store.instances(moduleId), options.requireInstanceSecrets),
      execute: deps,
      tokens,
      traces,
      ownDoor,
      metrics,
      cors: createCors(options.corsOrigins),
    },
    options,
  );

  return {
    handle: edge,
    explain: (question) => explain(question, deps),
    trace: (requestId) => traces.find(requestId),
    recentRequests: (question) => traces.recent(question),
    ...createSystemCalls(deps, traces, options),
    stop: async () => {
      await Promise.all([local.stop(), remote.stop()]);
    },
  };
};

/**
 * What calls of a module must be signed with. As long as one instance has no secret it has to be let in without, so nobody is asked, unless secrets
 * are required: then a module without any cannot call.
 */
const secretsOf = (instances: readonly ModuleInstance[], areRequired: boolean): readonly string[] | null => {
  const secrets = instances.flatMap(({ secret }) => secret ?? []);
  return areRequired || (secrets.length > 0 && secrets.length === instances.length) ? secrets : null;
};

/** Answers of modules to modules in process, read whole. */
const maxAnswerBytes = 67_108_864;
