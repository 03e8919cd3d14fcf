import type { Clock, Log, Metrics } from '#core';
import type { Resolution, RequestFacts, ResolutionWorld, TenantRegistry } from '#tenants';
import type { Module, ModuleResponse, RequestBody } from './contract.ts';
import type { ModuleStore } from './module-store.ts';
import type { Tokens } from './tokens.ts';

/** What a gateway is made of. */
export interface GatewayParts {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly store: ModuleStore;
  /** Modules in process. Their descriptors count before the store's; where they are enabled is said by the store. */
  readonly modules: readonly Module[];
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Default: the log (`tenant_replaced`). */
  readonly audit?: AuditSink;
  /** Answers what is under `/_/` and not the gateway's own; called with the operator's token only. */
  readonly admin?: AdminHandler;
  /** Default: `resolveTenant` of the tenants. */
  readonly resolveTenant?: (facts: RequestFacts, world: ResolutionWorld) => Resolution;
}

/**
 * Told before any module is called for another tenant than the one where the caller belongs, and waited for. When it throws, nothing is called and
 * the client gets 503. What it resolves to is told the status of the answer; null: not interested.
 */
export type AuditSink = (entry: AuditEntry) => Promise<AuditEnd | null>;

/** Must not throw. */
export type AuditEnd = (status: number) => void;

/** Who does what for whom by which relation. */
export interface AuditEntry {
  readonly requestId: string;
  /** Request id of the first request of the chain. */
  readonly transaction: string;
  readonly userId: string | null;
  /** User name, or the module for calls without a user. */
  readonly subject: string;
  /** Where the user belongs; the requested tenant when nobody is known. */
  readonly originTenant: string;
  /** Execution tenant. */
  readonly tenant: string;
  readonly relation: string | null;
  readonly rule: string;
  /** The handler's module. */
  readonly module: string;
  readonly method: string;
  /** Is nothing changed by it, as its method says? */
  readonly isRead: boolean;
  /** Path pattern. */
  readonly entry: string;
  /** Path as sent, without query. */
  readonly path: string;
  /** What the entry requires. */
  readonly permissionsRequired: readonly string[];
  /** Modules that called, first caller first. */
  readonly actors: readonly string[];
  readonly clientAddress: string;
}

/** How a gateway behaves. Times in ms, sizes in bytes. */
export interface GatewayOptions {
  /** Opens `/_/`; empty: nothing opens it. */
  readonly operatorToken: string;
  /** `X-Okapi-Url` for modules, without trailing slash. A function, because the port may be known late. */
  readonly url: () => string;
  readonly version: string;
  /** Origins (`https://desk.example.org`) that may call with credentials. */
  readonly corsOrigins: readonly string[];
  readonly moduleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** A client that neither sends the rest of its body (408) nor reads the answer for so long is let go. */
  readonly clientTimeoutMs: number;
  /** A `request-log` filter that does not read its copy of a body for so long is given up: the request does not wait for it. */
  readonly copyTimeoutMs: number;
  /** Bodies that must be held (rules, `request-only`): more is 413. */
  readonly maxBufferedBodyBytes: number;
  /** Path and query: more is 414. */
  readonly maxUrlLength: number;
  /** Addresses or CIDR ranges whose X-Forwarded-For says who the client is. */
  readonly trustedProxies: readonly string[];
  /** Addresses (CIDR) where remote modules may run. */
  readonly discoveryAllow: readonly string[];
  /** Ports that the gateway listens on: no connection to a module leads there. */
  readonly ownPorts: () => readonly number[];
  /** Instances of remote modules without a secret are not called, and calls of remote modules must be signed. */
  readonly requireInstanceSecrets: boolean;
  readonly maxTraces: number;
  readonly maxHopsPerTrace: number;
  readonly keepTracesMs: number;
  /** Name of this node among several that answer for the same tenants, each with its own traces; null: there is one. */
  readonly node: string | null;
}

/** Values for what a caller does not care about. */
export const defaultOptions: GatewayOptions = {
  operatorToken: '',
  url: () => 'http://localhost:8080',
  version: '0.1.0',
  corsOrigins: [],
  moduleTimeoutMs: 60_000,
  connectTimeoutMs: 5_000,
  clientTimeoutMs: 30_000,
  copyTimeoutMs: 5_000,
  maxBufferedBodyBytes: 1_048_576,
  maxUrlLength: 8_192,
  trustedProxies: [],
  discoveryAllow: ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ownPorts: () => [],
  requireInstanceSecrets: false,
  maxTraces: 10_000,
  maxHopsPerTrace: 1_000,
  keepTracesMs: 3_600_000,
  node: null,
};

/** An administrative request; the operator's token has been checked. */
export interface AdminRequest {
  readonly requestId: string;
  readonly method: string;
  /** Path as sent, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: RequestBody;
}

/** The admin API. An `AppError` with a status below 500 is answered with its text. */
export type AdminHandler = (request: AdminRequest) => Promise<ModuleResponse>;
