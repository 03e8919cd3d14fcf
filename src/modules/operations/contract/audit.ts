/** GET /operations/audit[?tenant=&limit=100&before=&only=changes], GET /organizations/audit: who changed what, newest first; `only`: without reads. */
export interface AuditAnswer {
  readonly entries: readonly AuditLine[];
  /** For `before`, to read on; null: this is the end. */
  readonly next: string | null;
}

/** Something that somebody did. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  /**
   * `acting`: a change by somebody of one organization, executed for another; `replaced`: reads of the same kind, which may share an entry;
   * `operation`: a change by an operator or an administrator.
   */
  readonly kind: 'acting' | 'replaced' | 'operation';
  readonly userId: string | null;
  readonly userName: string;
  /** Where the user belongs. */
  readonly originTenant: string;
  /** For whom it was done. */
  readonly tenant: string;
  readonly relation: string | null;
  /** One sentence; '' for `acting` and `replaced`, where method and path say it. */
  readonly summary: string;
  readonly module: string;
  readonly method: string;
  readonly path: string;
  /** Null: not known (written before the answer, as all entries of kind `replaced` are; `acting`: the process ended in between). */
  readonly status: number | null;
  /** Address of the client. */
  readonly address: string;
  readonly requestId: string;
}
