/** Who may act for whom. */
export interface RelationLine {
  /** `agency#1`: tenant and place among the relations of the file. */
  readonly id: string;
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  /** Ceiling, names with `*`. */
  readonly permissions: readonly string[];
  /** Only for users for whom the other organization has made an account. */
  readonly requiresAccount: boolean;
  /** Which requests it takes by themselves, in their order; a request may name a member in any case. */
  readonly rules: readonly RuleLine[];
  readonly state: 'active' | 'expired';
  readonly expiresAt: string | null;
  /** When something was written by it last; null: nothing is in the audit trail. */
  readonly lastWriteAt: string | null;
}

/** A rule of a relation; all that is said must hold. */
export interface RuleLine {
  readonly method: string | null;
  /** With `*` for any run of characters. */
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** Members of a JSON body. */
  readonly body: Readonly<Record<string, string>>;
  /** For whom the request is executed then. */
  readonly tenant: string;
}

/** PATCH /operations/relations/{id}: what is absent stays. */
export interface RelationChangeRequest {
  readonly executesAs?: readonly string[];
  readonly modules?: readonly string[];
  readonly permissions?: readonly string[];
  readonly requiresAccount?: boolean;
  /** null: never. */
  readonly expire?: string | null;
  /** All of its rules, in their order. What is wrong with one is answered as the reader of the file says it, for `rules.<place>.<member>`. */
  readonly rules?: readonly RuleChangeRequest[];
  readonly version?: string;
}

/** A rule as it is to be. */
export interface RuleChangeRequest extends RuleLine {
  /** Place among the rules of `version` that it was, from 0, so that its comments stay with it; absent: a new one. */
  readonly was?: number;
}

/** POST /operations/relations */
export interface NewRelationRequest {
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  /** Default: false. */
  readonly requiresAccount?: boolean;
  readonly expire?: string;
  /** In their order; default: none. Faults as of a change. */
  readonly rules?: readonly RuleLine[];
  readonly version?: string;
}

/** GET /organizations/relations: who may act for one's own organization. */
export interface OwnRelationsAnswer {
  readonly version: string;
  readonly relations: readonly (Omit<RelationLine, 'executesAs'> & {
    /** Name of the organization that may act. */
    readonly tenantName: string;
  })[];
}
