import { AppError } from '#core';
import { sessionIdOf, userIdOf } from './caller.ts';
import type { AuthorisationVerdict, Authorise, TokenFacts } from './contract.ts';
import type { Entry } from './entry.ts';
import type { HopMaker } from './hop-call.ts';
import { withinCeiling } from './permission-ceiling.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import type { StageResponse } from './stages/stage.ts';

/** What the auth filters have found out so far. */
export interface AuthState {
  /** Has an auth filter said yes, and none no? */
  readonly granted: boolean;
  /** Has one said no? */
  readonly refused: boolean;
  /** Acting user as the tenant's own auth filter says; null: nothing said. */
  readonly userId: string | null;
  /** Permissions held that are required or desired. */
  readonly permissions: readonly string[];
  /** Tokens that a remote auth filter has made for modules; key `_`: for all others. */
  readonly moduleTokens: ReadonlyMap<string, string>;
}

/** Nothing asked yet. */
export const noAuth: AuthState = {
  granted: false,
  refused: false,
  userId: null,
  permissions: [],
  moduleTokens: new Map<string, string>(),
};

/** A filter said no: nothing is granted any more, but logging filters keep their tokens. */
export const authFailed = (state: AuthState): AuthState => ({
  ...state,
  granted: false,
  refused: true,
  permissions: [],
});

/** Asks an auth filter in process. The answer is the new state, or the refusal for the client. */
export const askAuthFilter = (
  authorise: Authorise,
  request: PipelineRequest,
  maker: HopMaker,
  entry: Entry,
): AuthState | StageResponse | Promise<AuthState | StageResponse> => {
  const { context, plan, facts } = request;
  const { caller } = context;
  if (caller.kind === 'system') return { ...noAuth, granted: true };
  if (caller.kind === 'foreign') return refused(401, 'Invalid token');
  const verdict = authorise({
    requestId: context.requestId,
    tenant: context.tenant,
    originTenant: context.originTenant,
    method: facts.method,
    path: request.path,
    token: tokenFacts(request),
    permissionsRequired: plan.permissionsRequired,
    permissionsDesired: plan.permissionsDesired,
    callerPermissions: request.callerPermissions,
    relation: context.relation,
    ceiling: context.ceiling,
    requiresAccount: context.requiresAccount,
    call: (outgoing) => maker.callAs(request, entry, null, outgoing),
  });
  return verdict instanceof Promise ? verdict.then(stateOf) : stateOf(verdict);
};

/** Reads the answer of a remote auth filter, error answers included (they carry tokens for logging filters). */
export const mergeRemoteAuth = (
  before: AuthState,
  response: StageResponse,
  request: PipelineRequest,
  maker: HopMaker,
  entry: Entry,
): AuthState => {
  const { context } = request;
  const granted = response.status >= 200 && response.status < 300;
  const said = textOf(response, 'x-okapi-user-id');
  const tokens = new Map(before.moduleTokens);
  for (const [moduleId, token] of readTokens(textOf(response, 'x-okapi-module-tokens'), entry))
    if (maker.acceptsModuleToken(token, moduleId, context)) tokens.set(moduleId, token);
    else maker.ignoredHeader(entry, 'x-okapi-module-tokens');
  return {
    granted: granted && !before.refused,
    refused: before.refused,
    userId: context.caller.kind === 'foreign' ? (said ?? before.userId) : userIdOf(context.caller),
    permissions: granted
      ? withinCeiling(readPermissions(textOf(response, 'x-okapi-permissions')), context.ceiling)
      : [],
    moduleTokens: tokens,
  };
};

/**
 * A remote auth filter knows nothing of relations, so the gateway keeps the ceiling for it: above it nothing is allowed but
 * what the calling module brings along. Null when all required permissions may be held there.
 */
export const beyondCeiling = (request: PipelineRequest): StageResponse | null => {
  const { context, plan, callerPermissions } = request;
  if (context.ceiling === null) return null;
  const own = plan.permissionsRequired.filter((permission) => !callerPermissions.includes(permission));
  const allowed = new Set(withinCeiling(own, context.ceiling));
  const beyond = own.find((permission) => !allowed.has(permission));
  return beyond === undefined ? null : refused(403, `Access requires permission: ${beyond}`);
};

const stateOf = (verdict: AuthorisationVerdict): AuthState | StageResponse =>
  verdict.kind === 'refused'
    ? refused(verdict.status, verdict.message)
    : {
        granted: true,
        refused: false,
        userId: verdict.userId,
        permissions: verdict.permissions,
        moduleTokens: noAuth.moduleTokens,
      };

/** What is known of the caller from its verified token; null: there is none of ours. */
export const tokenFacts = ({
  context: { caller, originTenant },
}: Pick<PipelineRequest, 'context'>): TokenFacts | null => {
  if (caller.kind !== 'user' && caller.kind !== 'module') return null;
  const { claims } = caller;
  return {
    kind: caller.kind,
    originTenant,
    userId: claims.userId,
    subject: claims.subject,
    sessionId: sessionIdOf(caller),
    callerModule: caller.kind === 'module' ? caller.claims.module : null,
    issuedAt: claims.issuedAt,
    expiresAt: claims.expiresAt,
  };
};

const refused = (status: number, message: string): StageResponse => ({
  status: status >= 400 && status <= 599 ? status : 500,
  headers: { 'content-type': 'text/plain' },
  body: message,
  contentLength: null,
});

const textOf = (response: StageResponse, name: string): string | null => {
  const value = response.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

const maxTokensLength = 65_536;

const readTokens = (text: string | null, entry: Entry): readonly (readonly [string, string])[] => {
  if (text === null) return [];
  const value = text.length > maxTokensLength ? undefined : parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('GATEWAY_MODULE_TOKENS', `auth filter ${entry.module.id} returned bad module tokens`, {
      status: 502,
    });
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
};

const readPermissions = (text: string | null): readonly string[] => {
  const value = text === null ? [] : parsed(text);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
