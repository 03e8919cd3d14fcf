import { tableMigration } from '#database';

/** Invitations, service accounts (API keys and share links), and when accounts were used. Of tokens only hashes are kept. */
export const accountsTables = [
  tableMigration(
    'accounts_01_create',
    `CREATE TABLE invitations (tenant text NOT NULL, id text NOT NULL, token_hash text NOT NULL, role text NOT NULL, name text,
     created_at bigint NOT NULL, created_by text NOT NULL, created_by_name text NOT NULL, expires_at bigint NOT NULL, used_at bigint,
     used_by text, revoked_at bigint, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX invitations_token ON invitations (tenant, token_hash)`,
    `CREATE TABLE service_accounts (tenant text NOT NULL, user_id text NOT NULL, kind text NOT NULL, token_hash text NOT NULL,
     created_at bigint NOT NULL, expires_at bigint NOT NULL, revoked_at bigint, doc text NOT NULL, PRIMARY KEY (tenant, user_id))`,
    `CREATE UNIQUE INDEX service_accounts_token ON service_accounts (tenant, token_hash)`,
    `CREATE TABLE account_uses (tenant text NOT NULL, user_id text NOT NULL, last_at bigint NOT NULL, PRIMARY KEY (tenant, user_id))`,
  ),
];
