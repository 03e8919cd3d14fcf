import { tableMigration } from '#database';

/** Hashed passwords. */
export const loginTables = [
  tableMigration(
    'login_01_create',
    `CREATE TABLE credentials (tenant text NOT NULL, user_id text NOT NULL, hash text NOT NULL, changed_at bigint NOT NULL,
     PRIMARY KEY (tenant, user_id))`,
  ),
];
