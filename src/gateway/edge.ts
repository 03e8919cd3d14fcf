import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText } from '#core';
import { answerBeforeBody } from './answer-before-body.ts';
import { announcedLength } from './body.ts';
import { createCallBackJudge } from './call-back.ts';
import type { Cors } from './cors.ts';
import { answerPreflight } from './delegated-cors.ts';
import { execute, refusalResponse, traceCaller } from './execute.ts';
import type { Answer, ExecuteDeps } from './known-request.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { createClientAddresses } from './client-address.ts';
import { createGoneWatch } from './gone-watch.ts';
import type { HeaderMap } from './header-rules.ts';
import type { Traces } from './hops.ts';
import type { TraceRecorder } from './trace.ts';
import { type Identified, identifyTarget } from './identify.ts';
import type { GatewayOptions } from './options.ts';
import type { OwnDoor } from './own-door.ts';
import { type Refusal, refuse } from './refusal.ts';
import { extendRequestId } from './request-id.ts';
import { finalHeaders, respond } from './respond.ts';
import { splitTarget, type Target } from './target.ts';
import { accessCookie } from './token-source.ts';
import type { Tokens } from './tokens.ts';

/** What the public door needs. */
export interface EdgeDeps {
  readonly execute: ExecuteDeps;
  readonly tokens: Tokens;
  readonly traces: Traces;
  readonly ownDoor: OwnDoor;
  readonly metrics: GatewayMetrics;
  readonly cors: Cors;
  /** May modules run at this address, so that a call back can come from it? */
  mayCallBack(address: string): boolean;
  /** Secrets, one of which calls of a module have to be signed with; null: no proof is asked for. */
  secretsOf(moduleId: string): readonly string[] | null;
}

/** The public door: one request of Node's server in, one answer out, whatever happens. */
export const createEdge = (
  deps: EdgeDeps,
  options: GatewayOptions,
): ((req: IncomingMessage, res: ServerResponse) => void) => {
  const { clock, log } = deps.execute;
  const goneWatch = createGoneWatch();
  const clientAddresses = createClientAddresses(options.trustedProxies);
  const judgeCallBack = createCallBackJudge({
    clock,
    clientAddresses,
    mayRunAt: deps.mayCallBack,
    secretsOf: deps.secretsOf,
    unproved: (reason) => deps.metrics.unprovedCall(reason),
  });

  const answer = (req: IncomingMessage, res: ServerResponse, startedAt: number): void | Promise<void> => {
    const target = splitTarget(req.url ?? '', options.maxUrlLength);
    if (target.kind === 'refused') return refuseUnknown(req, res, target, startedAt);
    if (target.invokedTenant === null && target.path.startsWith('/_/'))
      return deps.ownDoor(req, target).then((response) => {
        const id = extendRequestId(null, target.path);
        send(req, res, { response, by: null, context: null }, id, none, startedAt);
      });
    if (req.headers.origin === undefined)
      return answerRequest(req, res, target, deps.cors.headersFor(req.headers), startedAt);
    const from = clientAddresses.of(req);
    return answerPreflight(req, target, deps.cors, deps.execute, from).then((outcome) => {
      if (outcome.kind === 'goes-on') return answerRequest(req, res, target, outcome.cors, startedAt);
      const id = extendRequestId(null, target.path);
      return send(req, res, outcome.answer, id, none, startedAt, outcome.cors);
    });
  };

  const answerRequest = (
    req: IncomingMessage,
    res: ServerResponse,
    target: Target,
    cors: HeaderMap | null,
    startedAt: number,
  ): void | Promise<void> => {
    const identified = identifyTarget(req, target, deps.tokens);
    if (identified.kind === 'refused')
      return refuseUnknown(req, res, identified, startedAt, isDead(identified.status, req.headers.cookie));
    if (identified.usesCookie && !isSafe(identified.method) && !deps.cors.mayUseCookie(req.headers))
      return refuseUnknown(req, res, foreignOrigin, startedAt);
    const { caller } = identified;
    const { socket } = req;
    // What a proxy says of itself is not for those who came by TLS.
    if ('encrypted' in socket && socket.encrypted === true) identified.headers['x-forwarded-proto'] = 'https';
    const clientAddress = clientAddresses.of(req);
    const wrong = caller.kind === 'module' ? judgeCallBack(req, caller.claims.module, clientAddress) : null;
    if (wrong !== null) return refuseUnknown(req, res, wrong, startedAt);
    const body = hasBody(req) ? req : null;
    if (body !== null) letGoWhenSilent(req, res, startedAt);
    const { id, recorder } = traceFor(identified);
    return execute(
      {
        requestId: id,
        transaction: caller.kind === 'module' ? caller.claims.transaction : id,
        method: identified.method,
        target,
        caller,
        requestedTenant: identified.requestedTenant,
        moduleId: identified.moduleId,
        headers: identified.headers,
        body,
        contentLength: announcedLength(req.headers),
        clientAddress,
        trace: recorder,
        onGone: (gone) => goneWatch.on(socket, gone),
      },
      deps.execute,
    ).then((known) => {
      const lines = identified.wantsTrace && caller.kind !== 'anonymous' ? recorder.lines(id) : none;
      const answer = identified.fromCookie && known.response.status === 401 ? withoutCookie(known) : known;
      send(req, res, answer, id, lines, startedAt, cors);
    });
  };

  /** Whoever stops sending in the middle of a body holds a module's connection, too. */
  const letGoWhenSilent = (req: IncomingMessage, res: ServerResponse, startedAt: number): void => {
    const { socket } = req;
    const onTimeout = (): void => {
      // A module that does not read makes the socket as quiet as a client that does not send.
      if (!waitsForClient(req)) return void socket.setTimeout(options.clientTimeoutMs);
      res.once('close', () => socket.destroy());
      if (res.headersSent) res.destroy();
      else refuseUnknown(req, res, silentClient, startedAt);
    };
    socket.setTimeout(options.clientTimeoutMs);
    // Told of the answer: a request that has arrived, and that nobody has read to its end, is not told any more.
    res.on('timeout', onTimeout);
    req.once('close', () => {
      res.off('timeout', onTimeout);
      // What comes after the head of the answer has a timeout of its own.
      if (!res.headersSent) socket.setTimeout(0);
    });
  };

  /** The trace of a call back is the one of the request that it is made for. */
  const traceFor = (identified: Identified): { id: string; recorder: TraceRecorder } => {
    const { caller } = identified;
    const before = caller.kind === 'module' ? deps.traces.recorder(caller.claims.transaction) : null;
    if (before !== null) return { id: identified.requestId, recorder: before };
    const id = identified.requestId;
    return { id, recorder: deps.traces.begin(id, traceCaller(caller, identified.target.path)) };
  };

  const refuseUnknown = (
    req: IncomingMessage,
    res: ServerResponse,
    refusal: Refusal,
    startedAt: number,
    isCookieDead = false,
  ): void => {
    const id = extendRequestId(null, (req.url ?? '').split(/[?#]/, 1)[0] ?? '');
    deps.traces.begin(id, { userId: null, originTenant: null }).refused({
      requestId: id,
      method: req.method ?? '',
      path: (req.url ?? '').split(/[?#]/, 1)[0]?.slice(0, 256) ?? '',
      originTenant: null,
      requestedTenant: '',
      status: refusal.status,
      at: startedAt,
      error: `${refusal.code}: ${refusal.why ?? refusal.message}`,
    });
    const answer = { response: refusalResponse(refusal), by: null, context: null };
    send(req, res, isCookieDead ? withoutCookie(answer) : answer, id, none, startedAt);
  };

  const send = (
    req: IncomingMessage,
    res: ServerResponse,
    known: Answer,
    requestId: string,
    trace: readonly string[],
    startedAt: number,
    cors: HeaderMap | null = deps.cors.headersFor(req.headers),
  ): void => {
    const { response } = known;
    const headers = finalHeaders(known, { requestId, trace, cors });
    if (response.status === 413 || response.status === 408) headers['connection'] = 'close';
    const tooLarge = response.status === 413 && typeof response.body === 'string' ? response.body : '';
    if (tooLarge !== '' && !res.headersSent) answerBeforeBody(req, res, response.status, headers, tooLarge);
    else respond(res, response, headers, req.method ?? 'GET', options.clientTimeoutMs);
    deps.metrics.answered(response.status, clock.monotonic() - startedAt);
  };

  const broken = (req: IncomingMessage, res: ServerResponse, error: unknown, startedAt: number): void => {
    log.error('request_broken', {
      err: errorText(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    if (res.headersSent) res.destroy();
    else
      refuseUnknown(req, res, refuse(500, 'GATEWAY_BROKEN', 'Internal error', errorText(error)), startedAt);
  };

  return (req, res) => {
    const startedAt = clock.monotonic();
    try {
      answer(req, res, startedAt)?.catch((error: unknown) => broken(req, res, error, startedAt));
    } catch (error) {
      broken(req, res, error, startedAt);
    }
  };
};

const none: readonly string[] = [];

const foreignOrigin = refuse(
  403,
  'GATEWAY_ORIGIN',
  'A page of this origin must not use the cookies of the session; programs send the token in X-Okapi-Token',
);

/**
 * Takes a cookie back whose token is not good any more: scripts cannot, and as long as the browser sends it, signing in anew is refused as well. Once
 * with and once without `Secure`, because a browser takes only the one that fits how it came.
 */
const withoutCookie = (answer: Answer): Answer => ({
  ...answer,
  response: {
    ...answer.response,
    headers: { ...answer.response.headers, 'set-cookie': [`${gone}; Secure`, gone] },
  },
});

const gone = `${accessCookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

const isDead = (status: number, cookie: string | undefined): boolean =>
  status === 401 && cookie !== undefined && cookie.includes(`${accessCookie}=`);

const silentClient = refuse(408, 'GATEWAY_CLIENT_SILENT', 'The rest of the body did not come in time');

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Does somebody read the body, and the client not send it? */
const waitsForClient = (req: IncomingMessage): boolean =>
  !req.complete &&
  req.readableLength === 0 &&
  (req.readableFlowing === true || req.listenerCount('readable') > 0);

const hasBody = (req: IncomingMessage): boolean =>
  req.headers['transfer-encoding'] !== undefined || (announcedLength(req.headers) ?? 0) > 0;
