import type { TenantId } from './tenant.ts';

/** One rule of a relation. All conditions that are present must hold; the first rule that matches wins. */
export interface RelationRule {
  readonly method: string | null;
  /** Path with `*` for any run of characters. */
  readonly path: string | null;
  /** Query parameters that must have these values. */
  readonly query: Readonly<Record<string, string>>;
  /** Members of a JSON body that must have these values; a rule with any makes the gateway hold a small body. */
  readonly body: Readonly<Record<string, string>>;
  /** For whom the request is executed then: one of the relation's `executesAs`. */
  readonly tenant: TenantId;
}

/**
 * An explicit, directed, expiring permission: requests of `tenant` may be executed for `executesAs`, for the named modules.
 * Not transitive. Frozen.
 */
export interface Relation {
  /** Name for explanations and audit: `balkan_agency#1` (tenant and order in the file). An edit of the file may give it to another relation. */
  readonly id: string;
  /** What it lends, as a hash: the same wherever it stands in the file, another one after a change of tenants, modules or permissions. Tokens name it so. */
  readonly key: string;
  readonly tenant: TenantId;
  readonly executesAs: readonly TenantId[];
  /** Module products (`mod-notes`, `notes`) or interface ids. */
  readonly modules: readonly string[];
  readonly when: readonly RelationRule[];
  /** Ceiling, as names with `*`: what the user may do there at most. */
  readonly permissions: readonly string[];
  /** Only for users for whom the other tenant has made an account (a shadow); false: for all of `tenant`, within the ceiling. */
  readonly requiresAccount: boolean;
  /** First instant (epoch ms) at which it no longer holds; null: never. */
  readonly expiresAt: number | null;
}
