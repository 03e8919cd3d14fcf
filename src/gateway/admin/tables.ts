import { tableMigration } from '#database';

/** Where the gateway keeps its modules: descriptors, where they are enabled and run, environment, timers, install jobs. `doc` is JSON. */
export const gatewayTables = [
  tableMigration(
    'gateway_01_create',
    `CREATE TABLE gateway_modules (id text NOT NULL PRIMARY KEY, doc text NOT NULL)`,
    `CREATE TABLE gateway_enabled (tenant text NOT NULL, module_id text NOT NULL, PRIMARY KEY (tenant, module_id))`,
    `CREATE TABLE gateway_instances (inst_id text NOT NULL PRIMARY KEY, srvc_id text NOT NULL, doc text NOT NULL)`,
    `CREATE TABLE gateway_env (name text NOT NULL PRIMARY KEY, doc text NOT NULL)`,
    `CREATE TABLE gateway_timers (tenant text NOT NULL, id text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE TABLE gateway_jobs (tenant text NOT NULL, id text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE TABLE gateway_version (one integer NOT NULL PRIMARY KEY, version bigint NOT NULL)`,
    `INSERT INTO gateway_version VALUES (1, 1)`,
  ),
  tableMigration(
    'gateway_02_timer_runs',
    `CREATE TABLE gateway_timer_runs (tenant text NOT NULL, id text NOT NULL, next_at bigint NOT NULL, PRIMARY KEY (tenant, id))`,
  ),
  tableMigration(
    'gateway_03_introduced',
    `CREATE TABLE gateway_introduced (tenant text NOT NULL PRIMARY KEY)`,
  ),
  tableMigration(
    'gateway_04_revisions',
    `ALTER TABLE gateway_modules ADD COLUMN revision bigint NOT NULL DEFAULT 0`,
  ),
  tableMigration(
    'gateway_05_introduced_modules',
    `CREATE TABLE gateway_introduced_modules (tenant text NOT NULL, product text NOT NULL, PRIMARY KEY (tenant, product))`,
    `DROP TABLE gateway_introduced`,
  ),
  tableMigration(
    'gateway_06_descriptions',
    `CREATE TABLE gateway_descriptions (tenant text NOT NULL PRIMARY KEY, description text NOT NULL)`,
  ),
  tableMigration(
    'gateway_07_job_owners',
    `ALTER TABLE gateway_jobs ADD COLUMN alive_at bigint NOT NULL DEFAULT 0`,
  ),
];
