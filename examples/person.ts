import { randomUUID } from 'node:crypto';

/** What a person sends, through the gateway. */
export interface Sending {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  /** `X-Okapi-Tenant`; default: the tenant that the person belongs to. */
  readonly tenant?: string;
}

/** What came back. */
export interface Received {
  readonly status: number;
  readonly requestId: string;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly tenant: string;
  readonly username: string;
  readonly token: string;
  send(sending: Sending): Promise<Received>;
}

/** Somebody new, and what he or she holds. */
export interface NewPerson {
  readonly username: string;
  readonly password: string;
  readonly firstName?: string;
  readonly lastName: string;
  readonly permissions: readonly string[];
}

/** Signs in with a password. Errors: the answer is not 201. */
export const signIn = async (
  url: string,
  tenant: string,
  username: string,
  password: string,
): Promise<Person> => {
  const answer = await fetch(`${url}/authn/login`, {
    method: 'POST',
    headers: { 'x-okapi-tenant': tenant, 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const text = await answer.text();
  const token = answer.headers.get('x-okapi-token');
  if (answer.status !== 201 || token === null)
    throw new Error(`signing in as ${username} of ${tenant} was answered ${answer.status}: ${text}`);
  return {
    id: userIdOf(token),
    tenant,
    username,
    token,
    send: (sending) => send(url, token, { tenant, ...sending }),
  };
};

/** Makes an account by the API, as an administrator of a tenant does: the user, what he holds, the password. Resolves to the user's id. */
export const addPerson = async (administrator: Person, person: NewPerson): Promise<string> => {
  const { username, password, firstName, lastName, permissions } = person;
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await administrator.send({ method: 'POST', path, body });
    if (answer.status !== 201) throw new Error(`POST ${path} was answered ${answer.status}: ${answer.text}`);
  };
  const id = randomUUID();
  const personal = { lastName, ...(firstName !== undefined && { firstName }) };
  await post('/users', { id, username, active: true, type: 'staff', personal });
  await post('/perms/users', { userId: id, permissions });
  await post('/authn/credentials', { userId: id, password });
  return id;
};

const send = async (
  url: string,
  token: string,
  { method = 'GET', path, body, tenant = '' }: Sending,
): Promise<Received> => {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      'x-okapi-tenant': tenant,
      'x-okapi-token': token,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    requestId: answer.headers.get('x-okapi-request-id') ?? '',
    text,
    json: parsed(text),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const userIdOf = (token: string): string => {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { user_id: string }).user_id;
};
