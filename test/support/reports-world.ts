import { silentLog, systemClock } from '#core';
import { createReportsModule } from '../../src/modules/reports/module.ts';
import type { TenantId } from '#tenants';
import { type EventRow, openViews } from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import { authModule, NOON, type Received, startWorld, type World } from './gateway-world.ts';
import { beaconRow, insertBeaconRows } from './warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from './warehouse.ts';

/** The reports module behind a real gateway with real tokens, over a real warehouse. The gateway's clock stands at `NOON`. */
export interface ReportsWorld {
  readonly warehouse: TestWarehouse;
  readonly gateway: World;
  insert(tenant: TenantId, rows: readonly Partial<EventRow>[]): Promise<void>;
  /** Asks as a user of `home`, for `tenant` (default: home). */
  ask(home: string, path: string, tenant?: string): Promise<Received & { readonly bytes: Buffer }>;
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
}

/** Starts a world without beacons. */
export const startReportsWorld = async (options: ReportsWorldOptions): Promise<ReportsWorld> => {
  const {
    users,
    tenants,
    held = () => ['reports.get', 'reports.page-views.get'],
    hostnames = () => [],
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
  const reports = createReportsModule({
    client,
    sources: openViews({ client }),
    hostnames,
    clock: { ...systemClock, now: () => NOON },
  });
  const gateway = await startWorld(users, [auth, reports]);
  for (const tenant of [...users.matchAll(/prefix: (\w+)/g)].map(([, id = '']) => id)) {
    gateway.store.enable(tenant, auth.descriptor.id);
    if (tenants.includes(tenant)) gateway.store.enable(tenant, reports.descriptor.id);
  }
  return {
    warehouse,
    gateway,
    insert: (tenant, rows) => insertBeaconRows(client, tenant, rows.map(beaconRow)),
    ask: async (home, path, tenant = home) => {
      const answer = await fetch(`${gateway.url}${path}`, {
        headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': gateway.token(home) },
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
      await warehouse.stop();
    },
  };
};
