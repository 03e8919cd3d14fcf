import type { Body } from '../body.ts';
import type { Entry } from '../entry.ts';
import type { HeaderMap, RequestHeaders } from '../header-rules.ts';
import type { IncomingResponse, OutgoingRequest } from '../contract.ts';

/** One call of one entry's module. The same for modules in process and remote ones. */
export interface StageCall {
  readonly entry: Entry;
  readonly method: string;
  /** Path and query as the module gets them. */
  readonly uri: string;
  /** Complete, internal headers included. Made when it is read. */
  readonly headers: RequestHeaders;
  readonly body: Body;
  readonly requestId: string;
  readonly tenant: string;
  readonly originTenant: string;
  readonly userId: string | null;
  /** The user's session, for calls from outside; absent or null: none is known. */
  readonly sessionId?: string | null;
  readonly permissions: readonly string[];
  /** Calls back through the gateway as this module. */
  call(request: OutgoingRequest): Promise<IncomingResponse>;
  /** Runs `gone` when the client goes away before the answer is complete. Returns the function that ends it. */
  onGone(gone: () => void): () => void;
}

/** What a module answered. */
export interface StageResponse {
  readonly status: number;
  /** Lower-case names, without hop-by-hop headers and without framing. */
  readonly headers: HeaderMap;
  readonly body: Body;
  /** Length of the body when it is a stream and the module said it. */
  readonly contentLength: number | null;
}

/** Calls a module. Errors: `GATEWAY_MODULE_…` with 502 or 504 when there is no answer. */
export interface Stage {
  call(call: StageCall): Promise<StageResponse>;
  stop(): Promise<void>;
}

/** An answer of the gateway's own inside the pipeline. */
export const textAnswer = (status: number, message: string): StageResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: message,
  contentLength: null,
});
