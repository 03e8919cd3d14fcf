import { tableMigration } from '#database';

/**
 * Who changed what. An entry stands once for each organization whose trail it belongs to; `is_main` marks one of them. `doc` is JSON. `place`
 * sorts by time and is unique: milliseconds and the id.
 */
export const auditTables = [
  tableMigration(
    'audit_01_create',
    `CREATE TABLE audit_entries (tenant text NOT NULL, place text NOT NULL, is_main integer NOT NULL, relation text NOT NULL,
     doc text NOT NULL, PRIMARY KEY (tenant, place))`,
    `CREATE INDEX audit_entries_place ON audit_entries (is_main, place)`,
  ),
];
