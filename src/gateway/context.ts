import type { Caller } from './caller.ts';
import type { RequestHeaders } from './header-rules.ts';

/**
 * The decision about a request, made once by tenant resolution and frozen. Every tenant that a module, a cache or the audit
 * sees comes from here.
 */
export interface RequestContext {
  readonly requestId: string;
  /** Request id of the first request of the chain. */
  readonly transaction: string;
  readonly caller: Caller;
  readonly requestedTenant: string;
  /** Execution tenant. */
  readonly tenant: string;
  /** Home of the acting user; the execution tenant when there is none. */
  readonly originTenant: string;
  /** Id of the relation by which the tenant was replaced; null when it was not. */
  readonly relation: string | null;
  /** Its key, which tokens name it by: ids are places in a file. */
  readonly relationKey: string | null;
  /** Ceiling of the relation; null without one. */
  readonly ceiling: readonly string[] | null;
  /** Does that relation let in only users who have an account in the execution tenant? */
  readonly requiresAccount: boolean;
  /** Which rule decided, for the trace. */
  readonly rule: string;
  /** When what allows this ends (token, relation), epoch ms; no token for a hop lives longer. */
  readonly expiresAt: number;
  /** 0 for a request from outside, one more for each module in between. */
  readonly hop: number;
  /** Modules that called, first caller first. */
  readonly actors: readonly string[];
}

/** Is it executed for another tenant than the one where the acting user belongs, or by a relation? */
export const isAbroad = ({ tenant, originTenant, relation }: RequestContext): boolean =>
  tenant !== originTenant || relation !== null;

/** What a hop's token says, whoever made it. Headers are derived from this and from nothing else. */
export interface HopToken {
  readonly tenant: string;
  readonly userId: string | null;
  /** JSON list of permissions; null when no auth filter has granted any. */
  readonly permissionsJson: string | null;
  /** The signed form; made when it is read, because most modules in process never do. */
  readonly token: string | null;
}

/** Facts of the request that every module is told. */
export interface RequestFacts {
  readonly requestId: string;
  readonly method: string;
  readonly gatewayUrl: string;
  readonly clientAddress: string;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/**
 * Sets the gateway's headers on a hop's message: the last step before the call, and the only place where they are set.
 * `headers` is the hop's own copy without any internal header.
 */
export const setGatewayHeaders = (
  headers: RequestHeaders,
  facts: RequestFacts,
  hop: HopToken,
  matchPattern: string | null,
): void => {
  headers['x-okapi-url'] = facts.gatewayUrl;
  headers['x-okapi-request-id'] = facts.requestId;
  headers['x-okapi-request-ip'] = facts.clientAddress;
  headers['x-okapi-request-timestamp'] = String(facts.receivedAt);
  headers['x-okapi-request-method'] = facts.method;
  if (matchPattern !== null) headers['x-okapi-match-path-pattern'] = matchPattern;
  headers['x-okapi-tenant'] = hop.tenant;
  if (hop.token !== null) headers['x-okapi-token'] = hop.token;
  if (hop.userId !== null) headers['x-okapi-user-id'] = hop.userId;
  if (hop.permissionsJson !== null) headers['x-okapi-permissions'] = hop.permissionsJson;
};
