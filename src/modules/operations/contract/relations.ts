/** Who may act for whom. */
export interface RelationLine {
  /** `agency#1`: tenant and place among the relations of the file. */
  readonly id: string;
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  /** Ceiling, names with `*`. */
  readonly permissions: readonly string[];
  readonly rules: number;
  readonly state: 'active' | 'expired';
  readonly expiresAt: string | null;
  /** When something was written by it last; null: nothing is in the audit trail. */
  readonly lastWriteAt: string | null;
}

/** POST /operations/relations */
export interface NewRelationRequest {
  readonly tenant: string;
  readonly executesAs: readonly string[];
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  readonly expire?: string;
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
