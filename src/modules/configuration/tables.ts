import { tableMigration } from '#database';

/** Where configuration entries are kept. `subject` is the user an entry is for, empty for the tenant's own. */
export const configurationTables = [
  tableMigration(
    'configuration_01_create',
    `CREATE TABLE configuration_entries (tenant text NOT NULL, id text NOT NULL, module text NOT NULL, config_name text NOT NULL,
     code text NOT NULL, subject text NOT NULL, enabled text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX configuration_entries_name ON configuration_entries (tenant, module, config_name, code, subject)`,
  ),
];
