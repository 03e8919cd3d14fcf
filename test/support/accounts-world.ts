import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock, createMetrics, type ManualClock, silentLog } from '#core';
import { openDatabase } from '#database';
import { createGateway, createMemoryModuleStore, createTokens } from '#gateway';
import {
  createAccountsModule,
  createAuthorise,
  createAuthtokenModule,
  createConfigurationModule,
  createLastAdministrator,
  createLoginModule,
  createNotesModule,
  createPermissionsModule,
  createUsersModule,
  guestOf,
  isShadowOf,
  isUsable,
  openAccounts,
  openAudit,
  openPermissionDirectory,
  openServiceAccounts,
  openSessions,
  openUserDirectory,
  openUses,
  createShareMakers,
  sharesAtHome,
} from '#modules';
import { moduleTables } from '../../src/modules.ts';
import { NOON, type Received, send, snapshotOf, spyModule } from './gateway-world.ts';

/** An umbrella organization, two members and a stranger; another umbrella organization reaches the news without notes. */
const MAP = `
- user: { prefix: agency, name: The Agency }
- user: { prefix: shop, name: The Shop, brum_trace: TRACE-OF-THE-SHOP }
- user: { prefix: news, name: The News, brum_trace: TRACE-OF-THE-NEWS }
- user: { prefix: bank, name: The Bank }
- user: { prefix: stranger, name: A Stranger }
- relation: { tenant: agency, executes_as: [shop, news], modules: [notes, reports], permissions: [notes.*, reports.*], expire: 2027-12-31 }
- relation: { tenant: bank, executes_as: [news], modules: [reports], permissions: ['*'], expire: 2027-12-31 }
- relation: { tenant: stranger, executes_as: [shop], modules: [notes], permissions: ['*'], expire: 2020-12-31 }
`;
const TENANTS = ['agency', 'shop', 'news', 'bank', 'stranger'];

/** What is sent in a test. */
export interface Asking {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  /** Organization named; default: that of the account. */
  readonly tenant?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An account that is signed in. */
export interface SignedIn {
  readonly id: string;
  readonly tenant: string;
  readonly token: string;
  ask(asking: Asking): Promise<Received>;
}

/** The gateway with the modules about accounts and notes behind a real HTTP server, over a database of its own. */
export interface AccountsWorld {
  readonly clock: ManualClock;
  readonly port: number;
  /** Makes an account that holds these and signs it in, without the time that a password takes. */
  add(tenant: string, username: string, ...permissions: readonly string[]): Promise<SignedIn>;
  /** Makes an account with a password. */
  addWithPassword(tenant: string, username: string, password: string, permission: string): Promise<string>;
  /** Somebody with this token (an API key). */
  holding(tenant: string, token: string): SignedIn;
  /** A request of nobody. */
  ask(asking: Asking): Promise<Received>;
  /** What the audit trail of an organization says, the newest first: who, and what. */
  trail(tenant: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts it. `url` empty: SQLite in memory. */
export const startAccountsWorld = async (url: string): Promise<AccountsWorld> => {
  const clock = createManualClock(NOON);
  const database = await openDatabase({
    url,
    path: ':memory:',
    migrations: moduleTables,
  });
  const tokens = createTokens({ key: new Uint8Array(32).fill(7) }, clock);
  const users = openUserDirectory(database);
  const permissions = openPermissionDirectory(database, clock);
  const sessions = openSessions(database, tokens, clock);
  const uses = openUses(database, clock);
  const lastAdministrator = createLastAdministrator(users, permissions);
  const forget = (): void => undefined;
  const audit = openAudit(database, clock, silentLog);
  const services = openServiceAccounts({ database, users, permissions, sessions, clock, forget });
  const registry = snapshotOf(MAP);
  const snapshot = () => registry;
  const mayStillShare = createShareMakers({ users, permissions, snapshot, clock });
  const authorise = createAuthorise({
    isActive: async (tenant, userId) => {
      const user = await users.find(tenant, userId);
      if (user === undefined) return null;
      uses.used(tenant, userId);
      return isUsable(user, clock.now());
    },
    heldBy: sharesAtHome(permissions.heldBy, users.find, async (tenant, userId) => {
      const share = await services.find(tenant, userId);
      return share !== undefined && mayStillShare(tenant, share);
    }),
    hasShadow: async (tenant, userId, origin) => {
      const user = await users.find(tenant, userId);
      return user !== undefined && isShadowOf(user, origin, clock.now());
    },
    voidBefore: sessions.voidBefore,
    isEnded: sessions.isEnded,
  });
  const accountDeps = { database, users, permissions, sessions, tokens, services, uses, clock, forget };
  const modules = [
    createAuthtokenModule(authorise, sessions, tokens),
    createAccountsModule({ ...accountDeps, lastAdministrator, mayStillShare, audit, snapshot }),
    createConfigurationModule(database, clock),
    createLoginModule({ database, users, sessions, permissions, snapshot, clock }),
    createNotesModule({
      database,
      clock,
      snapshot,
      siteOf: async (tenant, userId) => (await services.find(tenant, userId))?.site ?? null,
      guestOf: async (tenant, userId) => {
        const account = await services.find(tenant, userId);
        return account === undefined ? null : guestOf(account, clock.now());
      },
    }),
    createPermissionsModule(permissions, lastAdministrator),
    createUsersModule({ database, clock, permissions, lastAdministrator, onChange: forget }),
    reportsDouble,
    operationsDouble,
  ];
  const store = createMemoryModuleStore();
  const server = createServer((request, response) => gateway.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gateway = createGateway(
    {
      registry: { current: snapshot },
      store,
      modules,
      tokens,
      clock,
      log: silentLog,
      metrics: createMetrics(),
    },
    // So that a test can be at several addresses.
    { trustedProxies: ['127.0.0.0/8'] },
  );
  for (const tenant of TENANTS) {
    store.enable(tenant, ...modules.map(({ descriptor }) => descriptor.id));
    for (const { descriptor } of modules)
      await permissions.announce(tenant, descriptor.id, descriptor.permissionSets ?? []);
  }

  const ask = (token: string | null, home: string, asking: Asking): Promise<Received> =>
    send(port, {
      method: asking.method ?? (asking.body === undefined ? 'GET' : 'POST'),
      path: asking.path,
      headers: {
        'x-okapi-tenant': asking.tenant ?? home,
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(asking.body !== undefined && { 'content-type': 'application/json' }),
        ...asking.headers,
      },
      ...(asking.body !== undefined && { body: JSON.stringify(asking.body) }),
    });
  const holding = (tenant: string, token: string): SignedIn => ({
    id: (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { user_id: string })
      .user_id,
    tenant,
    token,
    ask: (asking) => ask(token, tenant, asking),
  });
  return {
    clock,
    port,
    add: async (tenant, username, ...held) => {
      const now = new Date(clock.now()).toISOString();
      const id = crypto.randomUUID();
      await users.add(tenant, {
        id,
        username,
        active: true,
        type: 'staff',
        personal: { firstName: username, lastName: `of ${tenant}` },
        metadata: { createdDate: now, updatedDate: now },
      });
      await permissions.users.add(tenant, { id: crypto.randomUUID(), userId: id, permissions: held });
      const pair = await sessions.open({ tenant, userId: id, subject: username });
      return holding(tenant, pair.accessToken);
    },
    addWithPassword: (tenant, username, password, permission) =>
      openAccounts(database, clock).add({ tenant, username, password, permissions: [permission] }),
    holding,
    ask: (asking) => ask(null, 'shop', asking),
    trail: async (tenant) => {
      await audit.settled();
      const { entries } = await audit.list({ tenant, limit: 100, before: null });
      return entries.map(({ userName, summary, path }) => `${userName} ${summary} (${path})`);
    },
    stop: async () => {
      await gateway.stop();
      await audit.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.stop();
    },
  };
};

/** Something that only those see who hold `reports.get`, and something that is written with `reports.write`. */
const reportsDouble = spyModule(
  {
    id: 'mod-reports-1.0.0',
    provides: [
      {
        id: 'reports',
        version: '1.0',
        handlers: [
          { methods: ['GET'], pathPattern: '/reports/summary', permissionsRequired: ['reports.get'] },
        ],
      },
    ],
    permissionSets: [
      { permissionName: 'reports.get' },
      { permissionName: 'reports.page-views.get' },
      { permissionName: 'reports.all', subPermissions: ['reports.get', 'reports.page-views.get'] },
    ],
  },
  [],
);
const operationsDouble = spyModule(
  {
    id: 'mod-operations-1.0.0',
    provides: [
      {
        id: 'operations',
        version: '1.0',
        handlers: [
          {
            methods: ['GET'],
            pathPattern: '/operations/tenants',
            permissionsRequired: ['operations.tenants.get'],
          },
        ],
      },
    ],
    permissionSets: [
      { permissionName: 'operations.tenants.get' },
      { permissionName: 'operations.all', subPermissions: ['operations.tenants.get'] },
    ],
  },
  [],
);
