import type { AuthState } from './auth-phase.ts';
import { collectBody } from './body.ts';
import { type Caller, userIdOf } from './caller.ts';
import type { RequestContext } from './context.ts';
import type { IncomingResponse, OutgoingRequest } from './contract.ts';
import type { Entry } from './entry.ts';
import type { Answer, KnownRequest } from './known-request.ts';
import { edgeRule, type RequestHeaders } from './header-rules.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { extendRequestId } from './request-id.ts';
import { splitTarget } from './target.ts';
import { AppError } from '#core';

/** The caller that a module in process is when it calls back: what its token would say, without the token. */
export const callerOf = (
  context: RequestContext,
  entry: Entry,
  auth: AuthState | null,
  now: number,
): Caller => {
  const foreign = auth?.moduleTokens.get(entry.module.id) ?? auth?.moduleTokens.get('_');
  if (foreign !== undefined) return { kind: 'foreign', token: foreign };
  return {
    kind: 'module',
    claims: {
      module: entry.module.id,
      tenant: context.tenant,
      originTenant: context.originTenant,
      userId: auth === null ? null : (auth.userId ?? userIdOf(context.caller)),
      subject: subjectOf(context.caller, auth === null ? entry.module.id : null),
      actors: context.actors,
      relation: context.relationKey,
      hop: context.hop,
      transaction: context.transaction,
      entry: entry.index,
      issuedAt: now,
      expiresAt: context.expiresAt,
    },
  };
};

/** `sub` of a hop's token: the user's name, or who acts when there is no user. */
export const subjectOf = (caller: Caller, instead: string | null): string => {
  if (instead !== null) return instead;
  return caller.kind === 'user' || caller.kind === 'module' ? caller.claims.subject : caller.kind;
};

/** A request of a module in process as the gateway executes it: the same rules as at the door. */
export const outgoingRequest = (
  from: PipelineRequest,
  caller: Caller,
  outgoing: OutgoingRequest,
  maxUrlLength: number,
): KnownRequest => {
  const target = splitTarget(outgoing.path, maxUrlLength);
  if (target.kind === 'refused')
    throw new AppError(target.code, `calling ${outgoing.method} failed: ${target.message}`, { status: 500 });
  const { context, facts } = from;
  const headers: RequestHeaders = {};
  let moduleId: string | null = null;
  for (const [name, value] of Object.entries(outgoing.headers ?? {})) {
    const lower = name.toLowerCase();
    if (lower === 'x-okapi-module-id') moduleId = value;
    else if (edgeRule(lower) === 'pass') headers[lower] = value;
  }
  return {
    requestId: extendRequestId(context.requestId, target.path),
    transaction: context.transaction,
    method: outgoing.method.toUpperCase(),
    target,
    caller,
    requestedTenant: outgoing.tenant ?? target.invokedTenant ?? context.tenant,
    moduleId,
    headers,
    body: outgoing.body ?? null,
    contentLength: null,
    clientAddress: facts.clientAddress,
    trace: from.trace,
    onGone: from.onGone,
  };
};

/** Reads an answer whole for a module in process. Errors: `GATEWAY_BODY_TOO_LARGE` above `maxBytes`. */
export const incomingResponse = async ({ response }: Answer, maxBytes: number): Promise<IncomingResponse> => {
  const body = await collectBody(response.body, maxBytes);
  const headers: Record<string, string> = {};
  for (const name of Object.keys(response.headers)) {
    const value = response.headers[name];
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    status: response.status,
    headers,
    body,
    text: () => utf8.decode(body),
    json: (): unknown => JSON.parse(utf8.decode(body)),
  };
};

const utf8 = new TextDecoder();
