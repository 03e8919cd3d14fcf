import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { loadConfig } from '#config';
import {
  createLifecycle,
  createManualClock,
  createMetrics,
  type ManualClock,
  silentLog,
  systemClock,
} from '#core';
import {
  type AuditSink,
  createGateway,
  createMemoryModuleStore,
  createTokens,
  type Gateway,
  type GatewayOptions,
  type MemoryModuleStore,
  parseDescriptor,
  type Tokens,
} from '#gateway';
import type {
  AuthorisationRequest,
  IncomingResponse,
  Module,
  ModuleRequest,
  ModuleResponse,
  OutgoingRequest,
} from '#gateway/contract';
import { createSnapshot, parseUsersMap, type Snapshot } from '#tenants';
import { type Answerer, createFrontDoor } from '../../src/front-door.ts';
import { listen } from '../../src/listener.ts';
import { requestBodyOf } from '../../src/gateway/body.ts';
import { compilePathPattern } from '../../src/gateway/path-pattern.ts';

/** A gateway behind the program's own door and listener, with its parts for the test to turn. */
export interface World {
  readonly gateway: Gateway;
  readonly store: MemoryModuleStore;
  readonly tokens: Tokens;
  readonly clock: ManualClock;
  readonly url: string;
  readonly port: number;
  /** Replaces the users map. */
  map(yaml: string): void;
  /** Sends a request; the answer is read whole. */
  send(request: Sent): Promise<Received>;
  /** A user's access token. */
  token(tenant: string, userId?: string): string;
  stop(): Promise<void>;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  /** A list of names and values sends duplicates. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | readonly string[];
  readonly body?: string | Uint8Array;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json(): unknown;
}

/** An instant before all expiries of the tests. */
export const NOON = Date.parse('2026-11-22T12:00:00Z');

export const operatorToken = 'operator-token-for-tests';

/** Where the modules of a test run: the same values either way. Modules with `authorise` always run in process. */
export type Hosting = 'in process' | 'remote';

/** Starts a world. */
export const startWorld = async (
  yaml: string,
  modules: readonly Module[],
  options: Partial<GatewayOptions> = {},
  hosting: Hosting = 'in process',
  audit?: AuditSink,
): Promise<World> => {
  const inProcess = modules.filter((module) => hosting === 'in process' || module.authorise !== undefined);
  const hosts = await Promise.all(modules.filter((module) => !inProcess.includes(module)).map(hostModule));
  const clock = createManualClock(NOON);
  const store = createMemoryModuleStore();
  const tokens = createTokens({ key: new Uint8Array(32).fill(7) }, clock);
  let snapshot = snapshotOf(yaml);
  const door = await openDoor((req, res) => gateway.handle(req, res));
  const { port } = door;
  const url = `http://127.0.0.1:${port}`;
  const gateway = createGateway(
    {
      registry: { current: () => snapshot },
      store,
      modules: inProcess,
      tokens,
      clock,
      log: silentLog,
      metrics: createMetrics(),
      ...(audit === undefined ? {} : { audit }),
    },
    { operatorToken, url: () => url, ...options },
  );
  for (const { module, url: base } of hosts) {
    store.add(module.descriptor);
    store.discover(module.descriptor.id, { instId: 'one', url: base });
  }
  return {
    gateway,
    store,
    tokens,
    clock,
    url,
    port,
    map: (next) => {
      snapshot = snapshotOf(next);
    },
    send: (request) => send(port, request),
    token: (tenant, userId = 'user-1') => tokens.mintAccess({ tenant, userId, subject: 'anna' }).token,
    stop: async () => {
      await gateway.stop();
      await door.stop();
      await Promise.all(hosts.map(({ stop }) => stop()));
    },
  };
};

/** Listens as `rumbrella serve` does, with the limits of the configuration; the gateway has every path, since there is no collector before it. */
const openDoor = async (
  answerer: Answerer,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> => {
  const config = loadConfig({ env: {}, overrides: { port: 0, host: '127.0.0.1' } });
  const lifecycle = createLifecycle(silentLog);
  const sockets = new Set<Socket>();
  const door = createFrontDoor(
    (request) => {
      sockets.add(request.socket);
      return false;
    },
    () => null,
    config.collector.maxHeaders,
  );
  door.mount('/', answerer);
  const deps = { dataDir: tmpdir(), clock: systemClock, log: silentLog, metrics: createMetrics(), lifecycle };
  const { port } = await listen(config, door.handle, deps);
  return {
    port,
    stop: () => {
      // A test does not wait for what it has left open.
      for (const socket of sockets) socket.destroy();
      return lifecycle.stop();
    },
  };
};

/** Calls the gateway as a module in another process does: with the url, tenant, token and request id that it was given. */
const callBack = async (
  given: Readonly<Record<string, string>>,
  { method, path, headers = {}, body, tenant }: OutgoingRequest,
): Promise<IncomingResponse> => {
  const own = Object.fromEntries(
    ['x-okapi-token', 'x-okapi-request-id'].flatMap((name) =>
      given[name] === undefined ? [] : [[name, given[name]]],
    ),
  );
  const answer = await send(Number(new URL(given['x-okapi-url'] ?? '').port), {
    method,
    path,
    headers: { ...headers, ...own, 'x-okapi-tenant': tenant ?? given['x-okapi-tenant'] ?? '' },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: answer.status,
    headers: answer.headers as Record<string, string>,
    body: Buffer.from(answer.text),
    text: () => answer.text,
    json: answer.json,
  };
};

/** Serves a module value over HTTP, as a module in another process would be. */
export const hostModule = async (
  module: Module,
): Promise<{ readonly module: Module; readonly url: string; readonly stop: () => Promise<void> }> => {
  const { provides = [], filters = [] } = module.descriptor;
  const entries = [...filters, ...provides.flatMap(({ handlers = [] }) => handlers)];
  const server = createServer((req, res) => {
    const [path = '', query = ''] = (req.url ?? '').split('?', 2);
    const entry = entries.find(
      (each) =>
        (each.methods?.includes(req.method ?? '') === true || each.methods?.includes('*') === true) &&
        (each.pathPattern === undefined || compilePathPattern(each.pathPattern).matches(path)),
    );
    const label = entry?.pathPattern ?? entry?.path ?? '';
    const handler = module.handlers[`${req.method} ${label}`] ?? module.handlers[`* ${label}`];
    if (entry === undefined || handler === undefined)
      return void res.writeHead(500).end('the test module has no entry');
    const headers = req.headers as Record<string, string>;
    const request: ModuleRequest = {
      requestId: headers['x-okapi-request-id'] ?? '',
      tenant: headers['x-okapi-tenant'] ?? '',
      originTenant: '',
      userId: headers['x-okapi-user-id'] ?? null,
      permissions: JSON.parse(headers['x-okapi-permissions'] ?? '[]') as string[],
      method: req.method ?? '',
      path,
      params: compilePathPattern(label).params(path),
      query: new URLSearchParams(query),
      headers,
      body: requestBodyOf(req, 2 ** 30),
      signal: new AbortController().signal,
      call: (outgoing) => callBack(headers, outgoing),
    };
    void Promise.resolve(handler(request)).then((answer) => {
      res.writeHead(answer.status, answer.headers as Record<string, string | string[]>);
      if (answer.body instanceof Readable) answer.body.on('error', () => res.destroy()).pipe(res);
      else res.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    module,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Sends one request and reads the answer whole. */
export const send = (port: number, { method = 'GET', path, headers = {}, body }: Sent): Promise<Received> =>
  new Promise((resolve, reject) => {
    const req = httpRequest(
      {
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: (Array.isArray(headers)
          ? ['Host', 'localhost', ...(headers as string[])]
          : headers) as Record<string, string>,
        agent: false,
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text,
            json: (): unknown => JSON.parse(text),
          });
        });
      },
    );
    req.on('error', reject);
    req.end(body);
  });

/** The snapshot of a users map that must be good. */
export const snapshotOf = (yaml: string): Snapshot => {
  const { tenants, relations, problems } = parseUsersMap(yaml);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return createSnapshot('test', NOON, tenants, relations);
};

/** What a spy module saw of one call. */
export interface Seen {
  readonly module: string;
  readonly method: string;
  readonly path: string;
  readonly tenant: string;
  readonly originTenant: string;
  readonly userId: string | null;
  readonly permissions: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A module in process whose entries all record what they see; `answer` says what is answered. */
export const spyModule = (
  descriptor: unknown,
  seen: Seen[],
  answer: (request: ModuleRequest, body: string) => ModuleResponse | Promise<ModuleResponse> = () => ({
    status: 200,
    body: 'ok',
  }),
): Module => {
  const parsed = parseDescriptor(descriptor);
  const entries = [
    ...(parsed.provides ?? []).flatMap(({ handlers = [] }) => handlers),
    ...(parsed.filters ?? []),
  ];
  return {
    descriptor: parsed,
    handlers: Object.fromEntries(
      entries.flatMap((entry) =>
        (entry.methods ?? []).map((method) => [
          `${method} ${entry.pathPattern ?? entry.path}`,
          async (request: ModuleRequest) => {
            const body = Buffer.from(await request.body.bytes()).toString();
            seen.push({
              module: parsed.id,
              method: request.method,
              path: request.path,
              tenant: request.tenant,
              originTenant: request.originTenant,
              userId: request.userId,
              permissions: request.permissions,
              headers: { ...request.headers },
              body,
            });
            return answer(request, body);
          },
        ]),
      ),
    ),
  };
};

/** An auth filter in process: users hold what the table says, at home and in other tenants within the ceiling. */
export const authModule = (
  held: (tenant: string, userId: string) => readonly string[],
  asked: AuthorisationRequest[] = [],
): Module => ({
  descriptor: parseDescriptor({
    id: 'mod-auth-1.0.0',
    filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
  }),
  handlers: {},
  authorise: (request) => {
    asked.push(request);
    const userId = request.token?.userId ?? null;
    const own = userId === null ? [] : held(request.originTenant, userId);
    const within = own.filter(
      (name) =>
        request.ceiling === null ||
        request.ceiling.some((item) =>
          item.endsWith('*') ? name.startsWith(item.slice(0, -1)) : name === item,
        ),
    );
    const all = new Set([...within, ...request.callerPermissions]);
    const missing = request.permissionsRequired.find((name) => !all.has(name));
    if (missing !== undefined)
      return {
        kind: 'refused',
        status: request.token === null ? 401 : 403,
        message: `requires permission: ${missing}`,
      };
    return {
      kind: 'granted',
      userId,
      permissions: [...request.permissionsRequired, ...request.permissionsDesired].filter((name) =>
        all.has(name),
      ),
    };
  },
});
