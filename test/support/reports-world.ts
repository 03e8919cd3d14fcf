import { inspect } from 'node:util';
import type { ClickHouseClient } from '@clickhouse/client';
import { createManualClock, createMetrics, silentLog, systemClock } from '#core';
import { json } from '#gateway/contract';
import { createConsortiumModule } from '../../src/modules/consortium/module.ts';
import { organizationsOf } from '../../src/modules/organizations/module.ts';
import { createReportsModule } from '../../src/modules/reports/module.ts';
import { createSnapshot, type TenantId } from '#tenants';
import { createLiveCopies, createRollup, type EventRow, openViews } from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import {
  authModule,
  NOON,
  type Received,
  snapshotOf,
  spyModule,
  startWorld,
  type World,
} from './gateway-world.ts';
import { poll } from './poll.ts';
import { beaconRow, insertBeaconRows } from './warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from './warehouse.ts';

/** The reports and consortium modules behind a real gateway with real tokens, over a real warehouse. The gateway's clock stands at `NOON`. */
export interface ReportsWorld {
  readonly warehouse: TestWarehouse;
  readonly gateway: World;
  /** What the reports module has asked the warehouse so far: each statement with its parameters. */
  readonly statements: string[];
  insert(tenant: TenantId, rows: readonly Partial<EventRow>[]): Promise<void>;
  /** Rolls up what these tenants have, as far as it is rolled up at `NOON`. */
  rollUp(...tenants: readonly string[]): Promise<void>;
  /** Asks as a user of `home`, for `tenant` (default: home). */
  ask(
    home: string,
    path: string,
    tenant?: string,
    userId?: string,
  ): Promise<Received & { readonly bytes: Buffer }>;
  stop(): Promise<void>;
}

/** What a world is made of. */
export interface ReportsWorldOptions {
  /** The users map. */
  readonly users: string;
  /** Tenants that get tables and the module. */
  readonly tenants: readonly string[];
  /** Permissions of a user of a tenant. Default: those of the reports. */
  readonly held?: (tenant: string, userId: string) => readonly string[];
  readonly hostnames?: (tenant: string) => readonly string[];
  /** What the accounts module says that a user is held to; null: nothing. Default: nobody is. */
  readonly lockOf?: (userId: string) => object | null;
  /** Do reports read copies of live page views, as in the product? Default: always beacons. */
  readonly copies?: boolean;
}

/** Starts a world without beacons. */
export const startReportsWorld = async (options: ReportsWorldOptions): Promise<ReportsWorld> => {
  const {
    users,
    tenants,
    held = () => ['reports.get', 'reports.page-views.get'],
    hostnames = () => [],
    lockOf = () => null,
    copies: hasCopies = false,
  } = options;
  const warehouse = await startTestWarehouse();
  const { client } = warehouse.warehouse;
  await createMigrator({
    client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 1,
  }).migrate(tenants.map((id) => testTenant(id).id));
  const auth = authModule(held);
  const statements: string[] = [];
  const watched = watch(client, statements);
  const copies = hasCopies
    ? createLiveCopies({ client, clock: systemClock, log: silentLog, metrics: createMetrics() })
    : undefined;
  const reports = createReportsModule({
    client: watched,
    sources: openViews({ client: watched, copies }),
    hostnames,
    clock: { ...systemClock, now: () => NOON },
  });
  const shares = spyModule(SHARES, [], ({ userId }) => {
    const lock = lockOf(userId ?? '');
    return lock === null ? { status: 404, body: '' } : json(200, lock);
  });
  const organizations = spyModule(ORGANIZATIONS, [], ({ originTenant }) =>
    json(200, { organizations: organizationsOf(snapshotOf(users), originTenant, NOON) }),
  );
  const consortium = createConsortiumModule({ client, clock: { ...systemClock, now: () => NOON } });
  const gateway = await startWorld(users, [auth, shares, reports, organizations, consortium]);
  for (const tenant of [...users.matchAll(/prefix: (\w+)/g)].map(([, id = '']) => id)) {
    for (const { descriptor } of [auth, shares, organizations, consortium])
      gateway.store.enable(tenant, descriptor.id);
    if (tenants.includes(tenant)) gateway.store.enable(tenant, reports.descriptor.id);
  }
  return {
    warehouse,
    gateway,
    statements,
    insert: (tenant, rows) => insertBeaconRows(client, tenant, rows.map(beaconRow)),
    rollUp: async (...ids) => {
      const rolled = ids.map((id) => testTenant(id));
      const snapshot = createSnapshot('test', NOON, rolled, []);
      const clock = createManualClock(NOON);
      const rollup = createRollup({
        client,
        cluster: '',
        registry: { current: () => snapshot },
        clock,
        log: silentLog,
        metrics: createMetrics(),
      });
      const views = openViews({ client });
      await poll('the roll-up', async () => {
        clock.advance(1_000);
        const sources = await Promise.all(rolled.map(({ id }) => views.source(id, { from: 0, to: NOON })));
        return sources.every(({ rolledUpTo }) => rolledUpTo !== null) && rollup.status().pendingHours === 0;
      });
      await rollup.stop();
    },
    ask: async (home, path, tenant = home, userId = 'user-1') => {
      const answer = await fetch(`${gateway.url}${path}`, {
        headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': gateway.token(home, userId) },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = bytes.toString();
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        bytes,
        text,
        json: (): unknown => JSON.parse(text),
      };
    },
    stop: async () => {
      await gateway.stop();
      await copies?.stop();
      await warehouse.stop();
    },
  };
};

const ORGANIZATIONS = {
  id: 'mod-organizations-1.0.0',
  provides: [
    {
      id: 'organizations',
      version: '1.0',
      handlers: [{ methods: ['GET'], pathPattern: '/organizations', permissionsRequired: [] }],
    },
  ],
  metadata: { tenantResolution: { executesIn: 'origin' } },
};

/** The same client, with every statement written down. */
const watch = (client: ClickHouseClient, statements: string[]): ClickHouseClient =>
  new Proxy(client, {
    get: (target, name: keyof ClickHouseClient) => {
      const member: unknown = target[name];
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const { query, query_params } = (args[0] ?? {}) as { query?: string; query_params?: object };
        statements.push(`${query ?? String(name)} ${inspect(query_params)}`);
        return (member as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });

const SHARES = {
  id: 'mod-accounts-1.0.0',
  provides: [
    {
      id: 'shares',
      version: '1.0',
      handlers: [{ methods: ['GET'], pathPattern: '/shares/selection', permissionsRequired: [] }],
    },
  ],
  metadata: { tenantResolution: { executesIn: 'origin' } },
};
