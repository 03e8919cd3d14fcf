import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, createLifecycle, createLog, createMetrics, systemClock } from '#core';
import {
  type BeaconOptions,
  createGate,
  createHostnameWriter,
  createInsertBudget,
  createSettle,
  createTablesPort,
  createWarehousePort,
  openBeaconEncoder,
  type Row,
} from '#loader';
import { openTenantRegistry, type Tenant } from '#tenants';
import { createTenantTables, createWarehouseClient, type WarehouseConnection } from '#warehouse';
import { beaconsOfDay } from './day.ts';
import { entriesOfDay } from './entries.ts';
import type { HistoryState } from './history-state.ts';
import { DEMO_STORIES, type DemoStory } from './story.ts';

/** What filling needs: plain data, for another thread. */
export interface FillOptions {
  readonly dataDir: string;
  readonly usersMap: string;
  readonly warehouse: {
    readonly kind: 'embedded' | 'server';
    readonly connection: WarehouseConnection;
    readonly cluster: string;
  };
  readonly beacons: BeaconOptions;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly state: HistoryState;
}

/** A day of an organization is stored. */
export interface FilledDay {
  readonly tenant: string;
  readonly day: number;
  readonly beacons: number;
}

const DAY_MS = 86_400_000;
/** So long nothing is made after each day: whoever starts the demo has two cores for everything. */
const BREATH_MS = 20;

/**
 * Makes up the demo's past and stores it by the loader's own way, oldest day first, each beacon once however often this is begun. Rejects
 * when the warehouse does not take it.
 */
export const fillPast = async (
  options: FillOptions,
  onDay: (day: FilledDay) => void,
  signal: AbortSignal,
): Promise<void> => {
  const log = createLog(options.logLevel);
  const lifecycle = createLifecycle(log);
  try {
    const registry = lifecycle.add(
      'tenants',
      await openTenantRegistry({
        path: options.usersMap,
        lastGoodPath: join(options.dataDir, 'users-map.last-good.yaml'),
        clock: systemClock,
        log,
      }),
    );
    const store = await openStore(options, registry, lifecycle, log, signal);
    const { from, to, done } = options.state;
    const lastDay = Math.floor(to / DAY_MS);
    for (let day = Math.floor(from / DAY_MS); day <= lastDay; day++)
      for (const story of DEMO_STORIES) {
        if (signal.aborted) return;
        const tenant = registry.current().byId(story.organization.prefix);
        if (tenant === undefined || day <= (done[tenant.id] ?? -1)) continue;
        const beacons = await store(tenant, story, day, lastDay);
        onDay({ tenant: tenant.id, day, beacons });
        await pause(BREATH_MS);
      }
  } finally {
    await lifecycle.stop();
  }
};

type Store = (tenant: Tenant, story: DemoStory, day: number, lastDay: number) => Promise<number>;

const openStore = async (
  options: FillOptions,
  registry: Awaited<ReturnType<typeof openTenantRegistry>>,
  lifecycle: ReturnType<typeof createLifecycle>,
  log: ReturnType<typeof createLog>,
  signal: AbortSignal,
): Promise<Store> => {
  const clock = systemClock;
  const metrics = createMetrics();
  const { connection, kind, cluster } = options.warehouse;
  const client = createWarehouseClient(connection, kind);
  lifecycle.add('client', { stop: () => client.close() });
  const tenantTables = lifecycle.add(
    'tables',
    createTenantTables({ client, registry, log, metrics, clock, parallel: 1, cluster }),
  );
  const warehouse = createWarehousePort(client, cluster);
  const encoder = lifecycle.add('encoder', await openBeaconEncoder(options.beacons, { log, metrics, clock }));
  const hostnames = lifecycle.add('hostnames', createHostnameWriter(warehouse, { clock, log }));
  const gate = createGate(
    warehouse,
    { clock, log },
    { probeTimeoutMs: 5_000, firstPauseMs: 500, longestPauseMs: 5_000, random: Math.random },
  );
  const settle = createSettle(
    {
      warehouse,
      tables: createTablesPort(tenantTables, registry, clock),
      gate,
      budget: createInsertBudget(INSERTS_PER_SECOND, clock),
      log,
      newBatchId: () => randomBytes(8).readBigUInt64LE(),
    },
    { insertTimeoutMs: 60_000, quietTimeoutMs: 60_000, attempts: 3 },
  );
  return async (tenant, story, day, lastDay) => {
    await tenantTables.ensure(tenant);
    const trace = story.organization.trace;
    const entries = entriesOfDay(tenant.id, trace, day, beaconsOfDay(story, day, lastDay), options.state);
    const rows: Row[] = [];
    const sites = new Set<string>();
    for (const entry of entries) {
      const outcome = encoder.encode(entry, tenant);
      if (outcome.kind === 'refused') continue;
      const { segment, offset } = entry;
      rows.push({ segment, offset, receivedAt: entry.record.receivedAt, content: outcome.content });
      sites.add(outcome.hostname);
    }
    if (rows.length === 0) return 0;
    // Every row is in doubt: a start before this one may have stored it.
    const settlement = await settle(tenant.id, rows, rows, signal);
    if (settlement.kind === 'behind')
      throw new AppError(settlement.code, `filling the demo of ${tenant.id}: ${settlement.reason}`);
    hostnames.note([{ tenant: tenant.id, hostnames: sites }]);
    return rows.length;
  };
};

const INSERTS_PER_SECOND = 20;
