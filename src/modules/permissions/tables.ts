import { tableMigration } from '#database';

/** Which permissions exist for a tenant, and who holds which. `permissions` is a JSON list of names. */
export const permissionsTables = [
  tableMigration(
    'permissions_01_create',
    `CREATE TABLE permissions (tenant text NOT NULL, name text NOT NULL, module_id text NOT NULL, doc text NOT NULL,
     PRIMARY KEY (tenant, name))`,
    `CREATE TABLE permission_users (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, doc text NOT NULL,
     PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX permission_users_user ON permission_users (tenant, user_id)`,
  ),
];
