import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Credentials, CredentialsStore } from './credentials.ts';
import * as jsonApi from './json-api.ts';
import { callGateway, ContextError, type OkapiContext, readContext, StrangerError } from './okapi-context.ts';
import { findPackage, findTitle, RmApiError, searchPackages, searchTitles, verifyAccount } from './rm-api.ts';

/** As in `ModuleDescriptor.json`. */
const MODULE_ID = 'mod-kb-ebsco-4.0.0';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}
interface Call {
  readonly context: OkapiContext;
  readonly query: URLSearchParams;
  readonly parts: readonly string[];
  readonly body: unknown;
}
type Route = (call: Call, store: CredentialsStore) => Answer | Promise<Answer>;

const notFound = (what: string): Answer => ({ status: 404, body: jsonApi.errors(`${what} not found`) });

/** The account of the acting user, asked from this very module through the gateway, as kb-ebsco does. */
const accountOfUser = async (context: OkapiContext): Promise<Credentials | Answer> => {
  const { status, body } = await callGateway(context, '/eholdings/user-kb-credential');
  if (status !== 200)
    return {
      status: status === 404 ? 404 : 403,
      body: jsonApi.errors(`no credentials for this user: ${String(body)}`),
    };
  const { data } = body as { data: { id: string; attributes: Omit<Credentials, 'id'> } };
  return { id: data.id, ...data.attributes };
};

const withAccount =
  (use: (account: Credentials, call: Call) => Promise<unknown>): Route =>
  async (call) => {
    const account = await accountOfUser(call.context);
    return 'status' in account ? account : { status: 200, body: await use(account, call) };
  };
const pageOf = (query: URLSearchParams): [page: number, count: number] => [
  whole(query.get('page'), 1),
  Math.min(whole(query.get('count'), 25), 100),
];
const whole = (text: string | null, fallback: number): number => {
  const value = Number(text ?? fallback);
  return Number.isSafeInteger(value) && value > 0 ? value : fallback;
};
/** Names are unique within a tenant; `id` is the one that may have it. */
const takenName = (store: CredentialsStore, tenant: string, name: string, id?: string): Answer | undefined =>
  store.list(tenant).some((item) => item.name === name && item.id !== id)
    ? { status: 422, body: jsonApi.errors(`credentials with the name "${name}" exist already`) }
    : undefined;

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /_/tenant': () => ({ status: 204 }),
  'GET /eholdings/status': async ({ context }) => {
    const account = await accountOfUser(context);
    const isValid = !('status' in account) && (await verifyAccount(account));
    return { status: 200, body: jsonApi.single(jsonApi.status(isValid)) };
  },
  'GET /eholdings/kb-credentials': ({ context }, store) => {
    const all = store.list(context.tenant);
    return {
      status: 200,
      body: jsonApi.list(
        all.map((item) => jsonApi.credentials(item)),
        all.length,
      ),
    };
  },
  'POST /eholdings/kb-credentials': ({ context, body }, store) => {
    const input = jsonApi.readCredentials(body);
    if (typeof input === 'string') return { status: 422, body: jsonApi.errors(input) };
    const taken = takenName(store, context.tenant, input.name);
    if (taken !== undefined) return taken;
    return { status: 201, body: jsonApi.single(jsonApi.credentials(store.add(context.tenant, input))) };
  },
  'GET /eholdings/kb-credentials/{}': ({ context, parts }, store) => {
    const item = store.find(context.tenant, parts[2] ?? '');
    return item === undefined
      ? notFound('credentials')
      : { status: 200, body: jsonApi.single(jsonApi.credentials(item)) };
  },
  'PUT /eholdings/kb-credentials/{}': ({ context, parts, body }, store) => {
    const input = jsonApi.readCredentials(body);
    if (typeof input === 'string') return { status: 422, body: jsonApi.errors(input) };
    const taken = takenName(store, context.tenant, input.name, parts[2]);
    if (taken !== undefined) return taken;
    return store.replace(context.tenant, parts[2] ?? '', input) ? { status: 204 } : notFound('credentials');
  },
  'DELETE /eholdings/kb-credentials/{}': ({ context, parts }, store) =>
    store.remove(context.tenant, parts[2] ?? '') ? { status: 204 } : notFound('credentials'),
  'GET /eholdings/kb-credentials/{}/users': ({ context, parts }, store) => {
    const users = store.users(context.tenant, parts[2] ?? '').map((id) => ({ id, type: 'assignedUsers' }));
    return { status: 200, body: jsonApi.list(users, users.length) };
  },
  'POST /eholdings/kb-credentials/{}/users': ({ context, parts, body }, store) => {
    const id = (body as { data?: { id?: unknown } } | null)?.data?.id;
    if (typeof id !== 'string') return { status: 422, body: jsonApi.errors('data.id is missing') };
    if (store.find(context.tenant, parts[2] ?? '') === undefined) return notFound('credentials');
    store.assign(context.tenant, parts[2] ?? '', id);
    return { status: 201, body: jsonApi.single({ id, type: 'assignedUsers' }) };
  },
  'DELETE /eholdings/kb-credentials/{}/users/{}': ({ context, parts }, store) =>
    store.unassign(context.tenant, parts[2] ?? '', parts[4] ?? '')
      ? { status: 204 }
      : notFound('assigned user'),
  'GET /eholdings/user-kb-credential': ({ context }, store) => {
    if (context.userId === '') return { status: 401, body: jsonApi.errors('x-okapi-user-id is missing') };
    const item = store.forUser(context.tenant, context.userId);
    if (item !== undefined) return { status: 200, body: jsonApi.single(jsonApi.credentials(item, true)) };
    const reason = `KB Credentials do not exist or user with userId = ${context.userId} is not assigned to any available knowledgebase.`;
    return { status: 404, body: jsonApi.errors(reason) };
  },
  'GET /eholdings/packages': withAccount(async (account, { query }) => {
    const { packagesList, totalResults } = await searchPackages(
      account,
      query.get('q') ?? '',
      ...pageOf(query),
    );
    return jsonApi.list(packagesList.map(jsonApi.packageItem), totalResults);
  }),
  'GET /eholdings/packages/{}': withAccount(async (account, { parts }) => {
    const [vendor, id] = (parts[2] ?? '').split('-').map(Number);
    if (!vendor || !id) throw new RmApiError(400, 'a package id is <vendor>-<package>');
    return jsonApi.single(jsonApi.packageItem(await findPackage(account, vendor, id)));
  }),
  'GET /eholdings/titles': withAccount(async (account, { query }) => {
    const { titles, totalResults } = await searchTitles(
      account,
      query.get('filter[name]') ?? '',
      ...pageOf(query),
    );
    return jsonApi.list(titles.map(jsonApi.title), totalResults);
  }),
  'GET /eholdings/titles/{}': withAccount(async (account, { parts }) =>
    jsonApi.single(jsonApi.title(await findTitle(account, Number(parts[2])))),
  ),
};

/** The module as an HTTP server; call `listen` on it. With the secret of this instance it answers the gateway alone. */
export const createKbEbsco = (store: CredentialsStore, secret = ''): Server =>
  createServer((request, response) => {
    answer(request, store, secret)
      .catch(toAnswer)
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });

const answer = async (request: IncomingMessage, store: CredentialsStore, secret: string): Promise<Answer> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://module');
  const parts = pathname.slice(1).split('/').map(decoded);
  const shape = parts.map((part, index) => (index === 2 || index === 4 ? '{}' : part)).join('/');
  const key = `${request.method} /${shape}`;
  const route = Object.hasOwn(ROUTES, key) ? ROUTES[key] : undefined;
  if (route === undefined) return notFound(pathname);
  const body = await readBody(request);
  return route({ context: readContext(request, MODULE_ID, secret), query: searchParams, parts, body }, store);
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RmApiError(400, 'the path is not percent-encoded properly');
  }
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    if (chunks.reduce((sum, { length }) => sum + length, 0) > 100_000)
      throw new RmApiError(413, 'the body is too large');
  }
  const text = Buffer.concat(chunks).toString();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new RmApiError(400, 'the body is not JSON');
  }
};

const toAnswer = (error: unknown): Answer => {
  if (error instanceof StrangerError) return { status: 401, body: jsonApi.errors(error.message) };
  if (error instanceof ContextError) return { status: 400, body: jsonApi.errors(error.message) };
  if (error instanceof RmApiError) return { status: error.status, body: jsonApi.errors(error.message) };
  return { status: 502, body: jsonApi.errors('the knowledge base cannot be reached') };
};

const send = (response: ServerResponse, { status, body }: Answer): void => {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': jsonApi.MEDIA_TYPE }).end(JSON.stringify(body));
};
