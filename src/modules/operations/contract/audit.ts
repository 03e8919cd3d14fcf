/** GET /operations/audit[?tenant=&limit=100&before=], GET /organizations/audit: who changed what, newest first. */
export interface AuditAnswer {
  readonly entries: readonly AuditLine[];
  /** For `before`, to read on; null: this is the end. */
  readonly next: string | null;
}

/** Something that somebody did. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  /** `acting`: a write of somebody of one organization, executed for another; `operation`: a change by an operator or an administrator. */
  readonly kind: 'acting' | 'operation';
  readonly userId: string | null;
  readonly userName: string;
  /** Where the user belongs. */
  readonly originTenant: string;
  /** For whom it was done. */
  readonly tenant: string;
  readonly relation: string | null;
  /** One sentence; '' for `acting`, where method and path say it. */
  readonly summary: string;
  readonly module: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Address of the client as the process saw it. */
  readonly address: string;
  readonly requestId: string;
}
