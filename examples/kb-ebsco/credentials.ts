import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** A knowledge-base account of a tenant at EBSCO. */
export interface Credentials {
  readonly id: string;
  readonly name: string;
  readonly apiKey: string;
  /** Base URL of the RM API. */
  readonly url: string;
  readonly customerId: string;
}

/** What a client sends to make or change one. */
export type CredentialsInput = Omit<Credentials, 'id'>;

/** Credentials and the users that are assigned to them. Every question names its tenant; nothing is shared between tenants. */
export interface CredentialsStore {
  list(tenant: string): readonly Credentials[];
  find(tenant: string, id: string): Credentials | undefined;
  add(tenant: string, input: CredentialsInput): Credentials;
  replace(tenant: string, id: string, input: CredentialsInput): boolean;
  remove(tenant: string, id: string): boolean;
  users(tenant: string, id: string): readonly string[];
  assign(tenant: string, id: string, userId: string): void;
  unassign(tenant: string, id: string, userId: string): boolean;
  /** The account for a user: the one assigned, else the only one when nobody is assigned to it. */
  forUser(tenant: string, userId: string): Credentials | undefined;
  close(): void;
}

type CredentialsRow = { id: string; name: string; api_key: string; url: string; customer_id: string };

/** Opens the store; `path` may be `:memory:`. */
export const openCredentialsStore = (path: string): CredentialsStore => {
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE IF NOT EXISTS credentials (tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, api_key TEXT NOT NULL,
      url TEXT NOT NULL, customer_id TEXT NOT NULL, PRIMARY KEY (tenant, id), UNIQUE (tenant, name));
    CREATE TABLE IF NOT EXISTS assigned_users (tenant TEXT NOT NULL, user_id TEXT NOT NULL, credentials_id TEXT NOT NULL,
      PRIMARY KEY (tenant, user_id));`);
  const rows = (sql: string, ...values: string[]): Credentials[] =>
    (database.prepare(sql).all(...values) as CredentialsRow[]).map(fromRow);
  const change = (sql: string, ...values: string[]): boolean =>
    Number(database.prepare(sql).run(...values).changes) > 0;

  const store: CredentialsStore = {
    list: (tenant) => rows('SELECT * FROM credentials WHERE tenant = ? ORDER BY name', tenant),
    find: (tenant, id) => rows('SELECT * FROM credentials WHERE tenant = ? AND id = ?', tenant, id)[0],
    add: (tenant, input) => {
      const added = { id: randomUUID(), ...input };
      change(
        'INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?)',
        tenant,
        added.id,
        input.name,
        input.apiKey,
        input.url,
        input.customerId,
      );
      return added;
    },
    replace: (tenant, id, { name, apiKey, url, customerId }) =>
      change(
        'UPDATE credentials SET name = ?, api_key = ?, url = ?, customer_id = ? WHERE tenant = ? AND id = ?',
        name,
        apiKey,
        url,
        customerId,
        tenant,
        id,
      ),
    remove: (tenant, id) => {
      change('DELETE FROM assigned_users WHERE tenant = ? AND credentials_id = ?', tenant, id);
      return change('DELETE FROM credentials WHERE tenant = ? AND id = ?', tenant, id);
    },
    users: (tenant, id) =>
      (
        database
          .prepare('SELECT user_id FROM assigned_users WHERE tenant = ? AND credentials_id = ?')
          .all(tenant, id) as { user_id: string }[]
      ).map((row) => row.user_id),
    assign: (tenant, id, userId) =>
      void change('INSERT OR REPLACE INTO assigned_users VALUES (?, ?, ?)', tenant, userId, id),
    unassign: (tenant, id, userId) =>
      change(
        'DELETE FROM assigned_users WHERE tenant = ? AND credentials_id = ? AND user_id = ?',
        tenant,
        id,
        userId,
      ),
    forUser: (tenant, userId) => {
      const [assigned] = rows(
        `SELECT credentials.* FROM credentials JOIN assigned_users ON assigned_users.tenant = credentials.tenant
         AND assigned_users.credentials_id = credentials.id WHERE credentials.tenant = ? AND user_id = ?`,
        tenant,
        userId,
      );
      if (assigned !== undefined) return assigned;
      const all = store.list(tenant);
      const only = all.length === 1 ? all[0] : undefined;
      return only !== undefined && store.users(tenant, only.id).length === 0 ? only : undefined;
    },
    close: () => database.close(),
  };
  return store;
};

const fromRow = (row: CredentialsRow): Credentials => ({
  id: row.id,
  name: row.name,
  apiKey: row.api_key,
  url: row.url,
  customerId: row.customer_id,
});
