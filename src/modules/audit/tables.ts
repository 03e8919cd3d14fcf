import { tableMigration } from '#database';

/**
 * Who changed what, and who read for others (`is_read`). An entry stands once for each organization whose trail it belongs to; `is_main` marks one of them. `doc` is JSON. `place`
 * sorts by time and is unique: milliseconds and the id.
 */
export const auditTables = [
  tableMigration(
    'audit_01_create',
    `CREATE TABLE audit_entries (tenant text NOT NULL, place text NOT NULL, is_main integer NOT NULL, relation text NOT NULL,
     doc text NOT NULL, PRIMARY KEY (tenant, place))`,
    `CREATE INDEX audit_entries_place ON audit_entries (is_main, place)`,
  ),
  tableMigration(
    'audit_02_reads',
    `ALTER TABLE audit_entries ADD COLUMN is_read integer NOT NULL DEFAULT 0`,
    // In the text of a value the quotation marks are escaped.
    `UPDATE audit_entries SET is_read = 1 WHERE doc LIKE '%"kind":"replaced"%'`,
    `CREATE INDEX audit_entries_changes ON audit_entries (tenant, is_read, place)`,
    `CREATE INDEX audit_entries_all_changes ON audit_entries (is_main, is_read, place)`,
  ),
];
