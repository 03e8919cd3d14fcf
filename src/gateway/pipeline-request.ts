import type { Clock, Log } from '#core';
import type { Body } from './body.ts';
import type { RequestContext, RequestFacts } from './context.ts';
import type { Authorise } from './contract.ts';
import type { Entry } from './entry.ts';
import type { RequestHeaders } from './header-rules.ts';
import type { HopMaker } from './hop-call.ts';
import type { TraceRecorder } from './trace.ts';
import type { Plan } from './plan.ts';
import type { Stage, StageResponse } from './stages/stage.ts';

/** A request that is resolved, routed and ready to run. */
export interface PipelineRequest {
  readonly context: RequestContext;
  readonly plan: Plan;
  readonly facts: RequestFacts;
  /** Path as sent, without query. */
  readonly path: string;
  /** Own copy: filters add headers for later entries. */
  readonly headers: RequestHeaders;
  readonly body: Body;
  /** Length that the client said; null when it did not or there is no body. */
  readonly contentLength: number | null;
  /** `modulePermissions` that the calling module brings along. */
  readonly callerPermissions: readonly string[];
  /** Entries that have run already, before the tenant was replaced by one of them. */
  readonly done: ReadonlySet<Entry>;
  readonly trace: TraceRecorder;
  onGone(gone: () => void): () => void;
}

/** What the pipeline came to: an answer, or a `pre` filter's wish for another tenant. */
export type PipelineOutcome =
  | { readonly kind: 'answer'; readonly response: StageResponse; readonly by: Entry | null }
  | {
      readonly kind: 'retarget';
      readonly tenant: string;
      readonly by: Entry;
      readonly headers: RequestHeaders;
      readonly body: Body;
      readonly contentLength: number | null;
    };

/** What the pipeline needs. */
export interface PipelineDeps extends HopMaker {
  readonly clock: Clock;
  readonly log: Log;
  readonly maxBufferedBytes: number;
  /** How long a `request-log` filter may not read its copy of a body. */
  readonly copyTimeoutMs: number;
  stageOf(entry: Entry): Stage;
  authoriseOf(moduleId: string): Authorise | null;
  /** Counts a header of an answer that was not honoured. */
  ignoredHeader(entry: Entry, name: string): void;
}
