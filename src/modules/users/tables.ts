import { tableMigration } from '#database';

/** Where users and their affiliations are kept. */
export const usersTables = [
  tableMigration(
    'users_01_create',
    `CREATE TABLE users (tenant text NOT NULL, id text NOT NULL, username text NOT NULL, active text NOT NULL, type text NOT NULL,
     barcode text, external_system_id text, last_name text, first_name text, email text, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX users_username ON users (tenant, username)`,
    `CREATE TABLE user_tenants (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, username text NOT NULL,
     member_tenant text NOT NULL, central_tenant text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX user_tenants_user ON user_tenants (tenant, user_id, member_tenant)`,
  ),
];
