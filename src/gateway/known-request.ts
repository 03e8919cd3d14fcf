import type { Clock, Log } from '#core';
import type { RequestFacts as ResolutionFacts, Resolution, ResolutionWorld, TenantRegistry } from '#tenants';
import type { Body } from './body.ts';
import type { Caller } from './caller.ts';
import type { RequestContext } from './context.ts';
import type { Entry } from './entry.ts';
import type { RequestHeaders } from './header-rules.ts';
import type { TraceRecorder } from './trace.ts';
import type { AuditSink } from './options.ts';
import type { PipelineDeps } from './pipeline-request.ts';
import type { Routes } from './routes.ts';
import type { StageResponse } from './stages/stage.ts';
import type { Target } from './target.ts';

/** A request whose caller is known: from outside, or of a module in process. */
export interface KnownRequest {
  readonly requestId: string;
  /** Request id of the first request of the chain. */
  readonly transaction: string;
  readonly method: string;
  readonly target: Target;
  readonly caller: Caller;
  readonly requestedTenant: string;
  readonly moduleId: string | null;
  readonly headers: RequestHeaders;
  readonly body: Body;
  readonly contentLength: number | null;
  readonly clientAddress: string;
  readonly trace: TraceRecorder;
  onGone(gone: () => void): () => void;
}

/** An answer for whoever has asked. */
export interface Answer {
  readonly response: StageResponse;
  /** Null when the gateway itself answers. */
  readonly by: Entry | null;
  /** Null when no tenant was found. */
  readonly context: RequestContext | null;
}

/** What execution needs. */
export interface ExecuteDeps extends PipelineDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly routes: Routes;
  readonly resolveTenant: (facts: ResolutionFacts, world: ResolutionWorld) => Resolution;
  readonly clock: Clock;
  readonly log: Log;
  readonly gatewayUrl: () => string;
  readonly audit: AuditSink;
  /** Is there an instance, or is it in process? */
  isRunning(moduleId: string): boolean;
  isLocal(moduleId: string): boolean;
}
