import { tableMigration } from '#database';

/** Refresh tokens that were given out, and from when on older tokens of a user are void. */
export const authtokenTables = [
  tableMigration(
    'authtoken_01_create',
    `CREATE TABLE refresh_tokens (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, expires_at bigint NOT NULL,
     used_at bigint, PRIMARY KEY (tenant, id))`,
    `CREATE INDEX refresh_tokens_user ON refresh_tokens (tenant, user_id)`,
    `CREATE TABLE token_revocations (tenant text NOT NULL, user_id text NOT NULL, before_ms bigint NOT NULL,
     PRIMARY KEY (tenant, user_id))`,
  ),
];
