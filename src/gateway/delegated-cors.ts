import type { IncomingMessage } from 'node:http';
import { isExpired } from '#tenants';
import type { RequestContext } from './context.ts';
import type { Cors } from './cors.ts';
import type { Entry } from './entry.ts';
import type { Answer, ExecuteDeps } from './known-request.ts';
import { refusalResponse } from './execute.ts';
import type { HeaderMap, RequestHeaders } from './header-rules.ts';
import { readEdgeHeaders } from './edge-headers.ts';
import { HopCall } from './hop-call.ts';
import { noAuth } from './auth-phase.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { refuse } from './refusal.ts';
import { extendRequestId } from './request-id.ts';
import type { Target } from './target.ts';

/** A preflight that is answered, or the CORS headers that the answer of a request gets (null: the module's own). */
export type PreflightOutcome =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly cors: HeaderMap | null }
  | { readonly kind: 'goes-on'; readonly cors: HeaderMap | null };

/**
 * Answers preflights. A handler with `delegateCORS` that is reached through `/_/invoke/tenant/{id}/…` answers its own: the
 * module gets the OPTIONS request without auth, and for other methods must make the CORS headers itself. `clientAddress`: as trusted proxies say it.
 */
export const answerPreflight = async (
  req: IncomingMessage,
  target: Target,
  cors: Cors,
  deps: ExecuteDeps,
  clientAddress: string,
): Promise<PreflightOutcome> => {
  const delegate = target.invokedTenant === null ? null : delegateOf(req, target, target.invokedTenant, deps);
  if (delegate === null) {
    const preflight = cors.preflight(req.method ?? '', req.headers);
    if (preflight === null) return { kind: 'goes-on', cors: cors.headersFor(req.headers) };
    return { kind: 'answered', answer: bare(preflight.status, preflight.headers), cors: preflight.headers };
  }
  if (req.method !== 'OPTIONS') return { kind: 'goes-on', cors: null };
  try {
    const edge = readEdgeHeaders(req.rawHeaders);
    if (edge.kind === 'refused') return { kind: 'answered', answer: refused(edge), cors: null };
    const request = anonymousRequest(target, delegate, edge.headers, clientAddress, deps);
    const call = new HopCall(request, deps, noAuth, { entry: delegate, uri: target.uri }, null, null, null);
    const response = await deps.stageOf(delegate).call(call);
    return {
      kind: 'answered',
      answer: { response: { ...response, body: null }, by: delegate, context: request.context },
      cors: null,
    };
  } catch {
    return {
      kind: 'answered',
      answer: refused(refuse(502, 'GATEWAY_DELEGATE', 'The module could not answer the preflight')),
      cors: null,
    };
  }
};

const delegateOf = (
  req: IncomingMessage,
  target: Target,
  tenantId: string,
  deps: ExecuteDeps,
): Entry | null => {
  const tenant = deps.registry.current().byId(tenantId);
  if (tenant === undefined || isExpired(tenant, deps.clock.now()) || target.path.startsWith('/_/'))
    return null;
  const asked = req.headers['access-control-request-method'];
  const method = req.method === 'OPTIONS' && asked !== undefined ? asked : (req.method ?? '');
  const entry = deps.routes.of(tenant.id).handler(method, target.path, target.uri, null);
  return entry?.descriptor.delegateCORS === true && deps.isRunning(entry.module.id) ? entry : null;
};

const anonymousRequest = (
  target: Target,
  entry: Entry,
  headers: RequestHeaders,
  clientAddress: string,
  deps: ExecuteDeps,
): PipelineRequest => {
  const requestId = extendRequestId(null, target.path);
  const tenant = target.invokedTenant ?? '';
  const context: RequestContext = Object.freeze({
    requestId,
    transaction: requestId,
    caller: { kind: 'anonymous' as const },
    requestedTenant: tenant,
    tenant,
    originTenant: tenant,
    relation: null,
    relationKey: null,
    ceiling: null,
    requiresAccount: false,
    rule: 'requested',
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
      requestId,
      method: 'OPTIONS',
      gatewayUrl: deps.gatewayUrl(),
      clientAddress,
      receivedAt: deps.clock.now(),
    },
    path: target.path,
    headers,
    body: null,
    contentLength: null,
    callerPermissions: [],
    done: new Set(),
    trace: silentTrace,
    onGone: () => () => undefined,
  };
};

const silentTrace = {
  requestId: '',
  called: () => undefined,
  refused: () => undefined,
  lines: () => [],
};

const bare = (status: number, headers: HeaderMap): Answer => ({
  response: { status, headers, body: null, contentLength: null },
  by: null,
  context: null,
});

const refused = (refusal: Parameters<typeof refusalResponse>[0]): Answer => ({
  response: refusalResponse(refusal),
  by: null,
  context: null,
});
