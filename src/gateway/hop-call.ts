import type { AuthState } from './auth-phase.ts';
import type { Body } from './body.ts';
import { sessionIdOf, userIdOf } from './caller.ts';
import { type HopToken, type RequestContext, setGatewayHeaders } from './context.ts';
import type { IncomingResponse, OutgoingRequest } from './contract.ts';
import type { Entry } from './entry.ts';
import { headerJson } from './filter-headers.ts';
import type { RequestHeaders } from './header-rules.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import type { Step } from './plan.ts';
import type { StageCall } from './stages/stage.ts';

/** What a hop needs of the gateway. */
export interface HopMaker {
  /** Signs the token that a module gets for one hop. */
  mintHopToken(context: RequestContext, entry: Entry, userId: string | null): string;
  /** May this token of a remote auth filter be given to a module (`_`: to any)? */
  acceptsModuleToken(token: string, moduleId: string, context: RequestContext): boolean;
  /** Calls back as the module of an entry. `auth` null: as the module alone, without a user. */
  callAs(
    request: PipelineRequest,
    entry: Entry,
    auth: AuthState | null,
    outgoing: OutgoingRequest,
  ): Promise<IncomingResponse>;
  ignoredHeader(entry: Entry, name: string): void;
  /** May a handler hand this token out to the client (a login does)? Not one that was made for a hop. */
  mayLeave(token: string): boolean;
}

/**
 * One call of one module: tenant, user and token are those of the frozen context. Headers and token are made when somebody
 * reads them: a handler in process that does not costs nothing.
 */
export class HopCall implements StageCall, HopToken {
  readonly entry: Entry;
  readonly uri: string;
  readonly body: Body;
  readonly #request: PipelineRequest;
  readonly #maker: HopMaker;
  readonly #auth: AuthState;
  readonly #contentLength: number | null;
  readonly #extra: RequestHeaders | null;
  #token: string | null | undefined;
  #headers: RequestHeaders | undefined;

  constructor(
    request: PipelineRequest,
    maker: HopMaker,
    auth: AuthState,
    step: Step,
    body: Body,
    contentLength: number | null,
    extra: RequestHeaders | null,
  ) {
    this.entry = step.entry;
    this.uri = step.uri;
    this.body = body;
    this.#request = request;
    this.#maker = maker;
    this.#auth = auth;
    this.#contentLength = contentLength;
    this.#extra = extra;
  }
  get method(): string {
    return this.#request.facts.method;
  }
  get requestId(): string {
    return this.#request.context.requestId;
  }
  get tenant(): string {
    return this.#request.context.tenant;
  }
  get originTenant(): string {
    return this.#request.context.originTenant;
  }
  get sessionId(): string | null {
    return sessionIdOf(this.#request.context.caller);
  }
  get userId(): string | null {
    return this.#auth.userId ?? userIdOf(this.#request.context.caller);
  }
  get permissions(): readonly string[] {
    return this.#auth.permissions;
  }
  get permissionsJson(): string | null {
    return this.#auth.granted ? headerJson(this.#auth.permissions) : null;
  }
  get headers(): RequestHeaders {
    return (this.#headers ??= this.#makeHeaders());
  }
  get token(): string | null {
    return this.#token === undefined ? (this.#token = this.#makeToken()) : this.#token;
  }
  /** Was this token given to the module? */
  wasGiven(token: unknown): boolean {
    return this.#token !== undefined && token === this.#token;
  }
  call(outgoing: OutgoingRequest): Promise<IncomingResponse> {
    return this.#maker.callAs(this.#request, this.entry, this.#auth, outgoing);
  }
  onGone(gone: () => void): () => void {
    return this.#request.onGone(gone);
  }

  #makeHeaders(): RequestHeaders {
    const headers: RequestHeaders = { ...this.#request.headers, ...this.#extra };
    const length = lengthOf(this.body) ?? this.#contentLength;
    if (length !== null && this.body !== null) headers['content-length'] = String(length);
    setGatewayHeaders(headers, this.#request.facts, this, this.entry.pattern?.source ?? null);
    return headers;
  }

  /**
   * A token of the tenant's own remote auth filter when it has made one, else ours. A foreign token is shown to auth filters
   * only, who alone can judge it; of a client without a token they see none.
   */
  #makeToken(): string | null {
    const { context } = this.#request;
    if (this.entry.phase === 'auth' && context.caller.kind === 'foreign') return context.caller.token;
    if (this.entry.phase === 'auth' && context.caller.kind === 'anonymous') return null;
    return (
      this.#auth.moduleTokens.get(this.entry.module.id) ??
      this.#auth.moduleTokens.get('_') ??
      this.#maker.mintHopToken(context, this.entry, this.userId)
    );
  }
}

const lengthOf = (body: Body): number | null => {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : null;
};
