import type { Relation } from './relation.ts';
import type { RuleFacts } from './rules.ts';
import type { Snapshot } from './snapshot.ts';
import type { TenantId } from './tenant.ts';

/** A module by the names that a relation may use for it. */
export interface NamedModule {
  /** With its version: `mod-notes-5.1.0`. */
  readonly id: string;
  /** Without: `mod-notes`. */
  readonly product: string;
  /** Ids of the interfaces it provides. */
  readonly interfaces: readonly string[];
}

/** The module that answers a request, when the request is executed for a certain tenant. */
export interface ServingModule extends NamedModule {
  /** `origin`: by its nature it is executed where the acting user belongs (users), whatever tenant is asked for. */
  readonly executesIn: 'requested' | 'origin';
}

/** What is known of a request before its execution tenant is. */
export interface RequestFacts extends RuleFacts {
  /** What the caller names (`X-Okapi-Tenant`), as it was sent. */
  readonly requestedTenant: string;
  /** Where the acting user belongs, from the verified token; null: nobody is acting. */
  readonly originTenant: string | null;
  /**
   * False: the caller is a module that works for no user (a timer, a page before the login), and `originTenant` is the tenant that it is executed for.
   * It is executed for that tenant or refused: there is nobody whose requests a relation could allow. Default: true.
   */
  readonly acting?: boolean;
  /** The module that calls, from its verified token; absent for callers from outside. */
  readonly moduleOfCaller?: NamedModule;
  /** Key of the relation by which the calling module is executed where it is, from its verified token. */
  readonly relationOfCaller?: string | null;
  /**
   * Did the caller itself name the tenant? Then the answer is that tenant or a refusal (for callers from outside who name
   * their own tenant it means nothing: everybody does). Otherwise it is the tenant that the calling module is executed for,
   * and it may need modules that only the origin tenant has. Default: true unless a module calls.
   */
  readonly explicit?: boolean;
  /** Epoch ms. */
  readonly now: number;
  /** Say in `why` of every rule and candidate why it was passed over, also when the request is executed. */
  readonly explain?: boolean;
}

/** What the request meets. */
export interface ResolutionWorld {
  readonly snapshot: Snapshot;
  /** The module that is enabled for this tenant and answers the method and path of the request. */
  modulesServing(tenant: TenantId): ServingModule | undefined;
}

/** For whom a request is executed, or why it is not. */
export type Resolution = Execution | Refusal | NeedsBody;

/** The request is executed for `tenant`. */
export interface Execution {
  readonly kind: 'execute';
  readonly tenant: TenantId;
  /** Where the acting user belongs; null: nobody is acting. */
  readonly originTenant: string | null;
  /** The relation that allows it; null when the tenant is the acting user's own. */
  readonly relation: Relation | null;
  /**
   * Which step decided: `requested` (the tenant itself), `<relation>.when[n]` (a rule), `only-candidate`, `named` (the caller named
   * it), `callback` (the tenant of the calling module), `origin` (the module is executed where the user belongs).
   */
  readonly rule: string;
  /** Sentences for people. */
  readonly why: readonly string[];
  /** What the user may do there at most, names with `*`; null: no limit besides its own rights. */
  readonly ceiling: readonly string[] | null;
}

/** The request is not executed, and no module is called. */
export interface Refusal {
  readonly kind: 'refuse';
  readonly status: 400 | 403 | 404;
  readonly code: RefusalCode;
  /** For the caller: tells nothing of tenants that are not the caller's business. */
  readonly message: string;
  /** For operators: everything that was looked at. Never for the caller of a foreign tenant. */
  readonly why: readonly string[];
}

/**
 * - `TENANT_UNKNOWN` 400: no such tenant, or an expired one
 * - `TENANT_EXPIRED` 403: the caller's own tenant is expired
 * - `TENANT_NOT_ALLOWED` 403: another tenant was named, and no relation allows this request there; the same answer for tenants
 *   that do not exist, are not related, are expired, or have no such module
 * - `TENANT_NO_MODULE` 404: neither the tenant nor a related one has a module for it
 * - `TENANT_RULE_UNSERVED` 404: a rule sends the request to a tenant that has no module for it
 * - `TENANT_AMBIGUOUS` 400: several related tenants could execute it
 * - `TENANT_QUERY_AMBIGUOUS` 400: a rule looks at a parameter that was sent with two values
 */
export type RefusalCode =
  | 'TENANT_UNKNOWN'
  | 'TENANT_EXPIRED'
  | 'TENANT_NOT_ALLOWED'
  | 'TENANT_NO_MODULE'
  | 'TENANT_RULE_UNSERVED'
  | 'TENANT_AMBIGUOUS'
  | 'TENANT_QUERY_AMBIGUOUS';

/** A rule looks at the body: read it (small JSON only) and ask again with `body`. */
export interface NeedsBody {
  readonly kind: 'needs-body';
  readonly why: readonly string[];
}
