import { Readable } from 'node:stream';
import { AppError, errorText } from '#core';
import { beyondCeiling } from './auth-phase.ts';
import { type Body, collectBody, destroyBody, discardBody, teeBody } from './body.ts';
import { isAbroad } from './context.ts';
import type { EntryType } from './descriptor-entry.ts';
import type { Entry } from './entry.ts';
import { filterHeaders } from './filter-headers.ts';
import { HopCall } from './hop-call.ts';
import { Judgement } from './judgement.ts';
import type { PipelineDeps, PipelineOutcome, PipelineRequest } from './pipeline-request.ts';
import type { Step } from './plan.ts';
import { relayHeaders } from './relay.ts';
import type { StageResponse } from './stages/stage.ts';

/**
 * Runs the entries one after the other. Errors: those of the stages (502, 504), `GATEWAY_BODY_TOO_LARGE` (413).
 *
 * A failing auth filter keeps the handler from running; so does a failing `pre` filter or one without a phase. `post` filters
 * run in any case, and what they answer as status does not count, because the handler has acted by then. For somebody of another tenant nothing but auth
 * filters runs until they have agreed, and nothing at all when one of them has not.
 */
export const runPipeline = async (request: PipelineRequest, deps: PipelineDeps): Promise<PipelineOutcome> => {
  const run = new Run(request, deps);
  try {
    for (const step of request.plan.steps) {
      if (!run.wants(step)) continue;
      const stepped = run.step(step);
      const outcome = stepped instanceof Promise ? await stepped : stepped;
      if (outcome !== null) return outcome;
    }
    return run.finish();
  } catch (error) {
    run.abandon();
    throw error;
  }
};

/** State of one run. */
class Run {
  readonly #request: PipelineRequest;
  readonly #deps: PipelineDeps;
  readonly #auth: Judgement;
  readonly #isAbroad: boolean;
  #body: Body;
  #contentLength: number | null;
  /** First failure of a filter before the handler; it is the answer unless auth has failed. */
  #failure: StageResponse | null = null;
  #failedBy: Entry | null = null;
  #handled: StageResponse | null = null;

  constructor(request: PipelineRequest, deps: PipelineDeps) {
    this.#request = request;
    this.#deps = deps;
    this.#auth = new Judgement(request, deps);
    this.#isAbroad = isAbroad(request.context);
    this.#body = request.body;
    this.#contentLength = request.contentLength;
  }

  wants({ entry }: Step): boolean {
    if (entry.type === 'redirect') return false;
    if (this.#isAbroad && this.#isClosed(entry)) return false;
    if (entry.phase === 'post') return true;
    if (this.#request.done.has(entry)) return false;
    if (this.#failure !== null) return false;
    if (entry.phase === null)
      return this.#auth.refusal === null && (this.#handled === null || isSuccess(this.#handled.status));
    return true;
  }

  /** No: an auth filter has said so, or there is none that could have agreed. */
  #isClosed(next: Entry): boolean {
    return this.#auth.refusal !== null || (next.phase !== 'auth' && this.#auth.keepsFromHandler());
  }

  step(step: Step): PipelineOutcome | null | Promise<PipelineOutcome | null> {
    const { entry } = step;
    if (entry === this.#request.plan.handler && this.#auth.keepsFromHandler()) return null;
    if (entry.phase === 'auth') {
      const authorise = this.#deps.authoriseOf(entry.module.id);
      if (authorise !== null)
        return this.#auth.ask(entry, authorise, (startedAt, status, error) =>
          this.#record(step, startedAt, status, error),
        );
      const beyond = beyondCeiling(this.#request);
      if (beyond !== null) {
        this.#auth.refuse(beyond, entry);
        return null;
      }
    }
    if (entry.type === 'request-log' && entry !== this.#request.plan.handler) return this.#logTo(step);
    return this.#exchange(step);
  }

  finish(): PipelineOutcome {
    const { refusal } = this.#auth;
    const failed = refusal ?? this.#failure;
    if (failed !== null) {
      discardBody(this.#body);
      return {
        kind: 'answer',
        response: failed,
        by: refusal === null ? this.#failedBy : this.#auth.refusedBy,
      };
    }
    const handled = this.#handled;
    if (handled === null) throw new AppError('GATEWAY_NO_ANSWER', 'no entry of the pipeline has answered');
    return {
      kind: 'answer',
      response: {
        status: handled.status,
        headers: handled.headers,
        body: this.#body,
        contentLength: this.#contentLength,
      },
      by: this.#request.plan.handler,
    };
  }

  /** Ends what a module was still sending. The client's own body is left alone: its socket carries the answer. */
  abandon(): void {
    if (this.#body !== this.#request.body) destroyBody(this.#body);
  }

  #logTo(step: Step): null {
    let copy: Body = this.#body;
    if (this.#body instanceof Readable) [this.#body, copy] = teeBody(this.#body, this.#deps.copyTimeoutMs);
    const startedAt = this.#deps.clock.monotonic();
    const call = this.#hopCall(step, copy, this.#contentLength);
    this.#deps
      .stageOf(step.entry)
      .call(call)
      .then(
        (response) => {
          discardBody(response.body);
          this.#record(step, startedAt, response.status, null);
        },
        (error: unknown) => {
          destroyBody(copy);
          this.#record(step, startedAt, null, errorText(error));
        },
      );
    return null;
  }

  async #exchange(step: Step): Promise<PipelineOutcome | null> {
    const { entry } = step;
    const isHandler = entry === this.#request.plan.handler;
    const keepsBody = !isHandler && (entry.type === 'headers' || entry.type === 'request-only');
    if (isHeld.has(entry.type)) {
      const bytes = await collectBody(this.#body, this.#deps.maxBufferedBytes, this.#contentLength);
      this.#body = bytes.length === 0 ? null : bytes;
      this.#contentLength = bytes.length;
    }
    const nothing =
      (entry.type === 'headers' && !isHandler) || (entry.phase === 'post' && this.#handled === null);
    const sent = nothing ? null : this.#body;
    const startedAt = this.#deps.clock.monotonic();
    const call = this.#hopCall(step, sent, sent === null ? null : this.#contentLength);
    let response: StageResponse;
    try {
      response = await this.#deps.stageOf(entry).call(call);
      if (entry.type === 'internal' && response.status === 200 && isEmpty(response.body))
        response = { ...response, status: 204, contentLength: null };
      this.#record(step, startedAt, response.status, null);
    } catch (error) {
      this.#record(step, startedAt, null, errorText(error));
      throw error;
    }
    if (isHandler) return this.#handledBy(step, this.#withoutHopToken(response, call));
    if (entry.phase === 'auth') return this.#authAnswered(step, response, keepsBody);
    return this.#filtered(step, response, keepsBody);
  }

  /** A handler may hand out a token of its own, and never the one that it was called with. */
  #withoutHopToken(response: StageResponse, call: HopCall): StageResponse {
    const token = response.headers['x-okapi-token'];
    if (token === undefined) return response;
    if (typeof token === 'string' && !call.wasGiven(token) && this.#deps.mayLeave(token)) return response;
    const { 'x-okapi-token': _hopToken, ...headers } = response.headers;
    return { ...response, headers };
  }

  #handledBy(step: Step, response: StageResponse): PipelineOutcome | null {
    this.#handled = response;
    this.#take(response);
    this.#relay(step.entry, response, true);
    if (response.headers['x-okapi-stop'] === undefined) return null;
    return { kind: 'answer', response, by: step.entry };
  }

  async #authAnswered(
    step: Step,
    response: StageResponse,
    keepsBody: boolean,
  ): Promise<PipelineOutcome | null> {
    const { entry } = step;
    const stops = !keepsBody && response.headers['x-okapi-stop'] !== undefined;
    const granted = await this.#auth.take(entry, response);
    this.#relay(entry, response, granted && !keepsBody);
    if (!granted) return stops ? this.finish() : null;
    if (stops) return this.#stop(response, entry);
    if (keepsBody) discardBody(response.body);
    else this.#take(response);
    return null;
  }

  #filtered(step: Step, response: StageResponse, keepsBody: boolean): PipelineOutcome | null {
    const { entry } = step;
    const post = entry.phase === 'post';
    if (!keepsBody && response.headers['x-okapi-stop'] !== undefined) return this.#stop(response, entry);
    if (!post && !isSuccess(response.status)) {
      this.#failure = response;
      this.#failedBy = entry;
      return null;
    }
    this.#relay(entry, response, !keepsBody);
    if (keepsBody) discardBody(response.body);
    else this.#take(response);
    const tenant = entry.phase === 'pre' ? response.headers['x-okapi-tenant'] : undefined;
    return tenant === undefined ? null : this.#retarget(entry, tenant);
  }

  /** `X-Okapi-Stop`: this answer is the last word, unless auth has refused. */
  #stop(response: StageResponse, by: Entry): PipelineOutcome {
    if (this.#auth.refusal !== null) {
      discardBody(response.body);
      return this.finish();
    }
    return { kind: 'answer', response, by };
  }

  #retarget(by: Entry, tenant: string | readonly string[]): PipelineOutcome | null {
    if (tenant === this.#request.context.tenant || this.#auth.refusal !== null) return null;
    if (typeof tenant !== 'string')
      throw new AppError('GATEWAY_FILTER_TENANTS', `filter ${by.module.id} returned several tenants`, {
        status: 502,
      });
    return {
      kind: 'retarget',
      tenant,
      by,
      headers: this.#request.headers,
      body: this.#body,
      contentLength: this.#contentLength,
    };
  }

  #take(response: StageResponse): void {
    if (this.#body !== response.body) discardBody(this.#body);
    this.#body = response.body;
    this.#contentLength = response.contentLength;
  }

  #relay(entry: Entry, response: StageResponse, replacesBody: boolean): void {
    if (this.#request.plan.steps.at(-1)?.entry === entry) return;
    relayHeaders(this.#request.headers, response.headers, entry, replacesBody, this.#deps);
  }

  #hopCall(step: Step, body: Body, contentLength: number | null): HopCall {
    const { entry } = step;
    const extra =
      entry.phase === null ? null : filterHeaders(entry, this.#request, this.#handled, this.#auth.refusal);
    return new HopCall(this.#request, this.#deps, this.#auth.state, step, body, contentLength, extra);
  }

  #record({ entry }: Step, startedAt: number, status: number | null, error: string | null): void {
    this.#request.trace.called({
      context: this.#request.context,
      entry,
      method: this.#request.facts.method,
      status,
      startedAt,
      endedAt: this.#deps.clock.monotonic(),
      error,
    });
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Types whose modules get the whole body at once. `system` is another word for `request-response`. */
const isHeld: ReadonlySet<EntryType> = new Set(['request-only', 'request-response-1.0', 'internal']);

const isEmpty = (body: Body): boolean => body === null || (!(body instanceof Readable) && body.length === 0);
