// Who changed what: the trail that the gateway, operations and organizations write and show.
export { type Audit, openAudit } from './audit.ts';
export { readAuditQuestion } from './question.ts';
export { auditTables } from './tables.ts';
export { type Deed, recorded } from './recorded.ts';
