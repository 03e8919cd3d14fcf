import type { Readable } from 'node:stream';
import type { ModuleDescriptor } from './descriptor.ts';

export type { InterfaceDescriptor, ModuleDescriptor, PermissionSet } from './descriptor.ts';
export type { RoutingEntry } from './descriptor-entry.ts';

/**
 * What a module sees of a request. The tenant here, in `X-Okapi-Tenant` and in the token are the same one, always: all three
 * are derived from one frozen context that tenant resolution made.
 */
export interface ModuleRequest {
  /** Id of the request (`003417/users;120934/perms`), for logs and traces. */
  readonly requestId: string;
  /** Execution tenant: for whom this is executed. */
  readonly tenant: string;
  /** Origin tenant: where the acting user belongs. */
  readonly originTenant: string;
  /** Acting user; null for anonymous and system calls. */
  readonly userId: string | null;
  /** The session of the user's access token; absent or null: a module calls, nobody is signed in, or the module is remote. */
  readonly sessionId?: string | null;
  /** Permissions that are required or desired by the entry and held by the caller. */
  readonly permissions: readonly string[];
  readonly method: string;
  /** Path as it was sent, without query. */
  readonly path: string;
  /** Values of `{name}` in the entry's path pattern, still percent-encoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
  /** Aborted when the client goes away or the deadline passes. */
  readonly signal: AbortSignal;
  /** Calls another module through the whole pipeline, in process, as this module with its own token. */
  call(request: OutgoingRequest): Promise<IncomingResponse>;
}

/** A body that is read once. */
export interface RequestBody {
  /** Reads all of it. Errors: `GATEWAY_BODY_TOO_LARGE` (413) above `maxBytes`, default the configured limit. */
  bytes(maxBytes?: number): Promise<Uint8Array>;
  /** Reads all of it as JSON. Errors: as `bytes`, and `GATEWAY_BODY_NOT_JSON` (400). */
  json(maxBytes?: number): Promise<unknown>;
  /** The body as it arrives, with back-pressure. */
  stream(): Readable;
}

/** What a module answers. A string or bytes is sent with its length, a stream chunked with back-pressure. */
export interface ModuleResponse {
  readonly status: number;
  /** Lower-case names. `content-type` is set by `json` and `text`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | Readable;
}

/** A request of one module to another, by path; the gateway decides who answers it and for which tenant. */
export interface OutgoingRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Only with a relation that allows it: execute for this tenant instead of the current one. */
  readonly tenant?: string;
}

/** What came back from `call`, read whole. */
export interface IncomingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  json(): unknown;
  text(): string;
}

/** Answers one routing entry of the module. */
export type Handler = (request: ModuleRequest) => Promise<ModuleResponse> | ModuleResponse;

/** A module in process: its descriptor, and a handler for each of its routing entries. */
export interface Module {
  readonly descriptor: ModuleDescriptor;
  /** Key: `METHOD pathPattern` exactly as in the descriptor (`POST /note-types`, `* /*` for a filter of all). */
  readonly handlers: Readonly<Record<string, Handler>>;
  /**
   * Answers the module's filters of phase `auth` without the detour of headers and JSON. A module that has it needs no
   * handlers for them. Without it they are asked with Okapi's headers, as a remote auth filter is.
   */
  readonly authorise?: Authorise;
  /** Ends timers and connections; may be called twice. */
  stop?(): Promise<void>;
}

/** What an auth filter in process is asked. Everything in it comes from the frozen context, nothing from the client's headers. */
export interface AuthorisationRequest {
  readonly requestId: string;
  /** Execution tenant: in whose world the permissions count. */
  readonly tenant: string;
  readonly originTenant: string;
  readonly method: string;
  readonly path: string;
  /** The verified token of the caller; null when there is none. */
  readonly token: TokenFacts | null;
  /** Union over all entries of the pipeline. */
  readonly permissionsRequired: readonly string[];
  /** Union over all entries of the pipeline; may contain `*`. */
  readonly permissionsDesired: readonly string[];
  /** `modulePermissions` of the entry that the calling module is executing; empty for calls from outside. */
  readonly callerPermissions: readonly string[];
  /** The relation by which the tenant was replaced; null when it was not. */
  readonly relation: string | null;
  /** Ceiling of that relation, names with `*`; null when there is no relation. */
  readonly ceiling: readonly string[] | null;
  /** Does that relation let in only users for whom the execution tenant has made an account? */
  readonly requiresAccount: boolean;
  /** Calls another module through the whole pipeline as the auth module itself, without a user. */
  call(request: OutgoingRequest): Promise<IncomingResponse>;
}

/** What is known of a caller from its verified token. */
export interface TokenFacts {
  /** `user`: an access token; `module`: a module that calls back. */
  readonly kind: 'user' | 'module';
  /** Where the acting user belongs. */
  readonly originTenant: string;
  readonly userId: string | null;
  /** User name, or the module for calls without a user. */
  readonly subject: string;
  /** The session that an access token belongs to; absent or null for modules. */
  readonly sessionId?: string | null;
  /** The module that calls; null for users. */
  readonly callerModule: string | null;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** What an auth filter in process answers. */
export type AuthorisationVerdict =
  | {
      readonly kind: 'granted';
      readonly userId: string | null;
      /** Permissions held that are required or desired. */
      readonly permissions: readonly string[];
    }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

/** Decides whether a request may go on to the handler. */
export type Authorise = (
  request: AuthorisationRequest,
) => AuthorisationVerdict | Promise<AuthorisationVerdict>;

/** A JSON answer. */
export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): ModuleResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** A plain-text answer, the form of Okapi's errors. */
export const text = (status: number, body: string): ModuleResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
});
