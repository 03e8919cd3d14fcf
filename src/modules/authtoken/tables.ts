import { tableMigration } from '#database';

/** Sessions, the refresh tokens that were given out, and from when on older tokens of a user are void. */
export const authtokenTables = [
  tableMigration(
    'authtoken_01_create',
    `CREATE TABLE refresh_tokens (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, expires_at bigint NOT NULL,
     used_at bigint, PRIMARY KEY (tenant, id))`,
    `CREATE INDEX refresh_tokens_user ON refresh_tokens (tenant, user_id)`,
    `CREATE TABLE token_revocations (tenant text NOT NULL, user_id text NOT NULL, before_ms bigint NOT NULL,
     PRIMARY KEY (tenant, user_id))`,
  ),
  tableMigration(
    'authtoken_02_sessions',
    `ALTER TABLE refresh_tokens ADD COLUMN session_id text NOT NULL DEFAULT ''`,
    `CREATE TABLE sessions (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, started_at bigint NOT NULL,
     seen_at bigint NOT NULL, expires_at bigint NOT NULL, ended_at bigint, agent text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE INDEX sessions_user ON sessions (tenant, user_id)`,
  ),
];
