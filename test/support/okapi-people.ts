import { loadConfig } from '#config';
import { systemClock } from '#core';
import { openAccounts } from '#modules';
import { openControlDatabase } from '../../src/control-database.ts';
import type { AdminAnswer } from './admin-client.ts';
import type { OkapiWorld } from './okapi-world.ts';

/** What somebody is asked for. A text is sent as it is, anything else as JSON. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<AdminAnswer>;

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly tenant: string;
  readonly username: string;
  readonly token: string;
  /** The server's. */
  readonly url: string;
  /** Asks for his own tenant; a header `x-okapi-tenant` names another. */
  readonly ask: Ask;
}

export const PASSWORD = 'a password of some length';

/** Asks a running server, with a token or as nobody. */
export const asking =
  (url: string, tenant: string, token?: string): Ask =>
  async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'x-okapi-tenant': tenant,
        ...(token !== undefined && { 'x-okapi-token': token }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: <T>() => JSON.parse(text) as T,
    };
  };

/** An account to be made. */
interface NewPerson {
  readonly tenant: string;
  readonly username: string;
  readonly permissions: readonly string[];
}

/** Makes accounts in the control database of a running server, as `rumbrella accounts add` does, and signs them in through the server. */
export const addPeople = async <const P extends readonly NewPerson[]>(
  { server, url }: Pick<OkapiWorld, 'server' | 'url'>,
  ...people: P
): Promise<{ readonly [index in keyof P]: Person }> => {
  const config = loadConfig({ env: {}, overrides: { data_dir: `${server.folder}/data` } });
  const database = await openControlDatabase(config);
  try {
    const accounts = openAccounts(database, systemClock);
    const made: Person[] = [];
    for (const { tenant, username, permissions } of people) {
      const id = await accounts.add({ tenant, username, password: PASSWORD, permissions });
      const login = await asking(url, tenant)('POST', '/authn/login', { username, password: PASSWORD });
      if (login.status !== 201) throw new Error(`${username} of ${tenant}: ${login.status} ${login.text}`);
      const token = login.headers.get('x-okapi-token') ?? '';
      made.push({ id, tenant, username, token, url, ask: asking(url, tenant, token) });
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each of the people, in their order
    return made as unknown as { readonly [index in keyof P]: Person };
  } finally {
    await database.stop();
  }
};
