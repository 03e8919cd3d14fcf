import type { Kysely } from 'kysely';
import { type TableMigration, tableMigration } from '#database';

type Affiliations = {
  user_tenants: { tenant: string; id: string; doc: string } & Record<(typeof ASKED_FOR)[number][0], string>;
};

/** What else an affiliation is asked for by, and the member of its document. */
const ASKED_FOR = [
  ['consortium_id', 'consortiumId'],
  ['email', 'email'],
  ['phone_number', 'phoneNumber'],
  ['barcode', 'barcode'],
  ['external_system_id', 'externalSystemId'],
] as const;

/** Fills the new columns from the documents, in the program: the two databases read JSON differently. */
const fillColumns: TableMigration['up'] = async (schema) => {
  const tables = schema as Kysely<Affiliations>;
  for (const { tenant, id, doc } of await tables
    .selectFrom('user_tenants')
    .select(['tenant', 'id', 'doc'])
    .execute()) {
    const record = JSON.parse(doc) as Record<string, unknown>;
    const values = ASKED_FOR.flatMap(([column, member]) =>
      typeof record[member] === 'string' ? [[column, record[member]] as const] : [],
    );
    if (values.length === 0) continue;
    await tables
      .updateTable('user_tenants')
      .set(Object.fromEntries(values))
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .execute();
  }
};

/** Where users and their affiliations are kept. */
export const usersTables: readonly TableMigration[] = [
  tableMigration(
    'users_01_create',
    `CREATE TABLE users (tenant text NOT NULL, id text NOT NULL, username text NOT NULL, active text NOT NULL, type text NOT NULL,
     barcode text, external_system_id text, last_name text, first_name text, email text, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX users_username ON users (tenant, username)`,
    `CREATE TABLE user_tenants (tenant text NOT NULL, id text NOT NULL, user_id text NOT NULL, username text NOT NULL,
     member_tenant text NOT NULL, central_tenant text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX user_tenants_user ON user_tenants (tenant, user_id, member_tenant)`,
  ),
  tableMigration(
    'users_02_affiliations',
    ...ASKED_FOR.map(([column]) => `ALTER TABLE user_tenants ADD COLUMN ${column} text NOT NULL DEFAULT ''`),
    `CREATE INDEX user_tenants_username ON user_tenants (tenant, username)`,
  ),
  { name: 'users_03_affiliations_filled', up: fillColumns },
];
