import { errorText } from '#core';
import { askAuthFilter, authFailed, type AuthState, mergeRemoteAuth, noAuth } from './auth-phase.ts';
import { collectBody } from './body.ts';
import type { Authorise } from './contract.ts';
import type { Entry } from './entry.ts';
import type { PipelineDeps, PipelineRequest } from './pipeline-request.ts';
import { type StageResponse, textAnswer } from './stages/stage.ts';

/** A call of an auth filter in process, for the trace. */
type Told = (startedAt: number, status: number, error: string | null) => void;

/** What the auth filters of one request have decided: the state that grows with each of them, and the first refusal. */
export class Judgement {
  readonly #request: PipelineRequest;
  readonly #deps: PipelineDeps;
  #state: AuthState = noAuth;
  #refusal: StageResponse | null = null;
  #refusedBy: Entry | null = null;

  constructor(request: PipelineRequest, deps: PipelineDeps) {
    this.#request = request;
    this.#deps = deps;
  }
  get state(): AuthState {
    return this.#state;
  }
  /** First failure of an auth filter; it is the answer. */
  get refusal(): StageResponse | null {
    return this.#refusal;
  }
  /** The filter that refused; null when it was the gateway. */
  get refusedBy(): Entry | null {
    return this.#refusedBy;
  }

  /** Without a granting auth filter nothing runs that asks for a permission: refuses then and says so. */
  keepsFromHandler(): boolean {
    const { plan, context } = this.#request;
    if (plan.permissionsRequired.length === 0 || this.#state.granted || context.caller.kind === 'system')
      return false;
    const status = context.caller.kind === 'anonymous' ? 401 : 403;
    this.#refusal = textAnswer(status, `Access requires permission: ${plan.permissionsRequired[0] ?? ''}`);
    return true;
  }

  /** Asks a filter in process. */
  ask(entry: Entry, authorise: Authorise, tell: Told): null | Promise<null> {
    const startedAt = this.#deps.clock.monotonic();
    try {
      const asked = askAuthFilter(authorise, this.#request, this.#deps, entry);
      if (!(asked instanceof Promise)) return this.#judged(entry, asked, startedAt, tell);
      return asked.then(
        (state) => this.#judged(entry, state, startedAt, tell),
        (error: unknown) => this.#unjudged(entry, error, startedAt, tell),
      );
    } catch (error) {
      return this.#unjudged(entry, error, startedAt, tell);
    }
  }

  /** Takes the answer of a remote filter. True: it has granted. */
  async take(entry: Entry, response: StageResponse): Promise<boolean> {
    const merged = mergeRemoteAuth(this.#state, response, this.#request, this.#deps, entry);
    const granted = response.status >= 200 && response.status < 300;
    const body = granted ? null : await collectBody(response.body, this.#deps.maxBufferedBytes);
    this.#state = merged;
    if (body !== null) this.refuse({ ...response, body, contentLength: body.length }, entry);
    return granted;
  }

  /** A filter has said no; the first that does is the answer. */
  refuse(response: StageResponse, by: Entry): void {
    this.#state = authFailed(this.#state);
    if (this.#refusal !== null) return;
    this.#refusal = response;
    this.#refusedBy = by;
  }

  #judged(entry: Entry, state: AuthState | StageResponse, startedAt: number, tell: Told): null {
    const isRefusal = 'status' in state;
    if (isRefusal) this.refuse(state, entry);
    else if (!this.#state.refused) this.#state = state;
    tell(startedAt, isRefusal ? state.status : 202, null);
    return null;
  }

  /** Whoever cannot decide has not agreed. */
  #unjudged(entry: Entry, error: unknown, startedAt: number, tell: Told): null {
    this.#deps.log.error('authorisation_failed', {
      module: entry.module.id,
      request_id: this.#request.context.requestId,
      err: errorText(error),
    });
    this.refuse(textAnswer(500, 'Authorisation failed'), entry);
    tell(startedAt, 500, errorText(error));
    return null;
  }
}
