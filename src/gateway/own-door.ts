import type { IncomingMessage } from 'node:http';
import { AppError, errorText, type Log } from '#core';
import { announcedLength, requestBodyOf } from './body.ts';
import { json, type ModuleResponse, text } from './contract.ts';
import type { ExplainQuestion, Explanation } from './explain.ts';
import { readExplainQuestion } from './explain.ts';
import type { Traces } from './hops.ts';
import type { Trace } from './trace.ts';
import type { OwnAuthDeps } from './own-auth.ts';
import { isSignedIn } from './signed-in.ts';
import type { AdminHandler, GatewayOptions } from './options.ts';
import { isOperator } from './operator.ts';
import { extendRequestId } from './request-id.ts';
import type { StageResponse } from './stages/stage.ts';
import type { Target } from './target.ts';
import type { Tokens } from './tokens.ts';

/** What is behind `/_/`. */
export interface OwnDoorDeps {
  readonly traces: Traces;
  readonly tokens: Tokens;
  readonly log: Log;
  readonly admin?: AdminHandler;
  /** Asked whether a user is still signed in. */
  readonly signedIn: OwnAuthDeps;
  explain(question: ExplainQuestion): Explanation;
}

/** Answers the gateway's own paths. */
export type OwnDoor = (req: IncomingMessage, target: Target) => Promise<StageResponse>;

/**
 * Version and health are open. A user may read the trace of an own request, without the reasons of failures. All else needs
 * the operator's token, and without it every path gives the same answer.
 */
export const createOwnDoor = (deps: OwnDoorDeps, options: GatewayOptions): OwnDoor => {
  const isOpen = (req: IncomingMessage): boolean =>
    isOperator(req.headers.authorization, options.operatorToken);

  const answer = async (req: IncomingMessage, { path, query }: Target): Promise<ModuleResponse> => {
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (reads && path === '/_/version') return text(200, options.version);
    if (reads && path === '/_/proxy/health') return { ...json(200, []), body: '[ ]' };
    const operator = isOpen(req);
    if (reads && path.startsWith('/_/requests/')) {
      const trace = deps.traces.find(decoded(path.slice('/_/requests/'.length)));
      if (operator) return trace === null ? text(404, noTrace(options.node)) : json(200, trace);
      if (trace !== null && (await isRequester(req, trace, path))) return json(200, withoutReasons(trace));
    }
    if (!operator) return { ...text(401, 'The operator token is needed'), headers: challenge };
    if (reads && path === '/_/resolve')
      return json(200, deps.explain(readExplainQuestion(new URLSearchParams(query))));
    if (deps.admin === undefined) return text(404, '');
    return deps.admin({
      requestId: extendRequestId(null, path),
      method: req.method ?? 'GET',
      path,
      query: new URLSearchParams(query),
      headers: req.headers,
      body: requestBodyOf(req, options.maxBufferedBodyBytes, announcedLength(req.headers)),
    });
  };

  const isRequester = async (req: IncomingMessage, trace: Trace, path: string): Promise<boolean> => {
    const token = req.headers.authorization?.startsWith('Bearer ')
      ? req.headers.authorization.slice(7).trim()
      : req.headers['x-okapi-token'];
    if (typeof token !== 'string' || trace.userId === null) return false;
    const verified = deps.tokens.verify(token);
    if (verified.kind !== 'verified' || verified.claims.kind !== 'access') return false;
    const { claims } = verified;
    if (claims.userId !== trace.userId || claims.tenant !== trace.originTenant) return false;
    return isSignedIn(claims, extendRequestId(null, path), path, deps.signedIn);
  };

  return async (req, target) => {
    let response: ModuleResponse;
    try {
      response = await answer(req, target);
    } catch (error) {
      const status = error instanceof AppError ? error.status : 500;
      if (status >= 500) deps.log.error('admin_failed', { path: target.path, err: errorText(error) });
      response = text(status, status < 500 ? errorText(error) : 'Internal error');
    }
    return {
      status: response.status,
      headers: { 'cache-control': 'no-store', ...response.headers },
      body: response.body ?? null,
      contentLength: null,
    };
  };
};

const noTrace = (node: string | null): string =>
  node === null
    ? 'No trace of this request is kept'
    : `No trace of this request is kept by ${node}. Each node keeps those of the requests that it has answered: ask the others`;

const challenge = { 'content-type': 'text/plain', 'www-authenticate': 'Bearer' };

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

const withoutReasons = (trace: Trace): Trace => ({
  ...trace,
  hops: trace.hops.map((hop) => ({ ...hop, error: hop.error === null ? null : 'ask the operator' })),
});
