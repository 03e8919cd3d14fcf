import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, createMetrics, silentLog, systemClock } from '#core';
import { createSnapshot, type Snapshot, type Tenant } from '#tenants';
import {
  createTenantTables,
  type MigrationProgress,
  quoteIdentifier,
  tableNames,
  type TenantTables,
  type TenantTablesOptions,
} from '#warehouse';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';
import { poll } from '../support/poll.ts';

let world: TestWarehouse;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());

/** A users map that the test changes by hand. */
const registryOf = (tenants: readonly Tenant[]) => {
  const listeners = new Set<(next: Snapshot, previous: Snapshot) => void>();
  let current = createSnapshot('1', 0, tenants, []);
  return {
    current: () => current,
    onChange: (listener: (next: Snapshot, previous: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace: (next: readonly Tenant[]) => {
      const previous = current;
      current = createSnapshot(`${Number(previous.version) + 1}`, 0, next, []);
      for (const listener of listeners) listener(current, previous);
    },
  };
};

const tablesFor = (
  registry: TenantTablesOptions['registry'],
  options: Partial<TenantTablesOptions> = {},
): TenantTables =>
  createTenantTables({
    client: world.warehouse.client,
    registry,
    log: silentLog,
    metrics: createMetrics(),
    clock: systemClock,
    parallel: 2,
    ...options,
  });

const engineOf = async (tenant: Tenant): Promise<string> => {
  const [table] = await world.rows<{ engine_full: string }>(
    'SELECT engine_full FROM system.tables WHERE name = {name:String}',
    { name: tableNames(tenant.id).events },
  );
  return table?.engine_full ?? '';
};

describe('at the start', () => {
  it('the tables of every tenant with a trace are made, with progress', async () => {
    const tenants = [
      testTenant('start_a'),
      testTenant('start_b'),
      testTenant('start_umbrella', { traces: [] }),
    ];
    const tables = tablesFor(registryOf(tenants));
    const progress: MigrationProgress[] = [];
    await tables.start((step) => progress.push(step));
    await tables.stop();
    expect([tenants.map(({ id }) => tables.state(id).kind), progress]).toEqual([
      ['ready', 'ready', 'unknown'],
      [
        { done: 1, total: 2, failed: 0 },
        { done: 2, total: 2, failed: 0 },
      ],
    ]);
  });

  it('tenants that are current are ready without a statement of DDL', async () => {
    const tenants = [testTenant('again_a'), testTenant('again_b', { retentionDays: 30 })];
    const first = tablesFor(registryOf(tenants));
    await first.start();
    await first.stop();
    const statements: string[] = [];
    const client = new Proxy(world.warehouse.client, {
      get: (target, name, receiver) => {
        if (name !== 'command') return Reflect.get(target, name, receiver);
        return (parameters: Parameters<typeof target.command>[0]) => {
          statements.push(parameters.query.split('(')[0]?.trim() ?? '');
          return target.command(parameters);
        };
      },
    });
    const second = tablesFor(registryOf(tenants), { client });
    await second.start();
    await second.stop();
    expect([tenants.map(({ id }) => second.state(id)), statements]).toEqual([
      [
        { kind: 'ready', version: 3 },
        { kind: 'ready', version: 3 },
      ],
      ['CREATE TABLE IF NOT EXISTS `rumbrella_migrations`'],
    ]);
  });

  it('a tenant that fails leaves the others ready, and says until when it waits', async () => {
    const [good, bad] = [testTenant('one_good'), testTenant('one_bad')];
    await world.run(`CREATE VIEW ${tableNames(bad.id).events} AS SELECT 1 AS a`);
    const clock = createManualClock(1_000_000);
    const tables = tablesFor(registryOf([good, bad]), {
      clock,
      retry: { firstMs: 5_000, longestMs: 60_000 },
    });
    await tables.start();
    const states = [tables.state(good.id), tables.state(bad.id)];
    await tables.stop();
    expect(states).toMatchObject([
      { kind: 'ready' },
      { kind: 'failed', error: { code: 'WAREHOUSE_MIGRATION_FAILED' }, retryAt: 1_005_000 },
    ]);
  });

  it('a warehouse that cannot be reached is no reason to fall over', async () => {
    const tenant = testTenant('unreached');
    const { createWarehouseClient } = await import('#warehouse');
    const client = createWarehouseClient(
      { ...world.warehouse.connection, url: 'http://127.0.0.1:1' },
      'server',
    );
    const tables = tablesFor(registryOf([tenant]), { client, clock: createManualClock(0) });
    await tables.start();
    const state = tables.state(tenant.id);
    await tables.stop();
    await client.close();
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'WAREHOUSE_UNAVAILABLE' } });
  });
});

describe('a tenant that failed', () => {
  const failing = async (id: string) => {
    const tenant = testTenant(id);
    const { events } = tableNames(tenant.id);
    await world.run(`CREATE VIEW ${quoteIdentifier(events)} AS SELECT 1 AS a`);
    const clock = createManualClock(0);
    const tables = tablesFor(registryOf([tenant]), { clock, retry: { firstMs: 5_000, longestMs: 12_000 } });
    await tables.start();
    return { tenant, clock, tables, heal: () => world.run(`DROP VIEW ${quoteIdentifier(events)} SYNC`) };
  };

  it('is not tried again before its time', async () => {
    const { tenant, tables, heal } = await failing('not_before');
    await heal();
    await expect(tables.ensure(tenant)).rejects.toThrow(
      expect.objectContaining({ code: 'WAREHOUSE_MIGRATION_FAILED' }),
    );
    await tables.stop();
  });

  it('is tried again by itself when its time has come', async () => {
    const { tenant, clock, tables, heal } = await failing('by_itself');
    await heal();
    clock.advance(5_000);
    await poll('the next try', () => tables.state(tenant.id).kind === 'ready');
    await tables.stop();
    expect(tables.state(tenant.id)).toEqual({ kind: 'ready', version: 3 });
  });

  it('waits longer each time, up to the longest wait', async () => {
    const { tenant, clock, tables } = await failing('longer');
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const state = tables.state(tenant.id);
      if (state.kind !== 'failed') throw new Error(`found ${state.kind}`);
      waits.push(state.retryAt - clock.now());
      clock.advance(state.retryAt - clock.now());
      await tables.ensure(tenant).catch(() => undefined);
    }
    await tables.stop();
    expect(waits).toEqual([5_000, 10_000, 12_000]);
  });
});

describe('while running', () => {
  it('a tenant that is added to the map gets its tables', async () => {
    const registry = registryOf([]);
    const tables = tablesFor(registry);
    await tables.start();
    const tenant = testTenant('added', { retentionDays: 14 });
    registry.replace([tenant]);
    await poll('the retention', async () => (await engineOf(tenant)).includes('toIntervalDay(14)'));
    await tables.stop();
    expect(tables.state(tenant.id).kind).toBe('ready');
  });

  it('a tenant that is removed from the map keeps its tables', async () => {
    const tenant = testTenant('removed');
    const registry = registryOf([tenant]);
    const tables = tablesFor(registry);
    await tables.start();
    registry.replace([]);
    const found = [tables.state(tenant.id).kind, await tables.exists(tenant.id)];
    await tables.stop();
    expect(found).toEqual(['unknown', true]);
  });

  it('retention follows the map: given, changed, taken away', async () => {
    const tenant = testTenant('retained', { retentionDays: 395 });
    const registry = registryOf([tenant]);
    const tables = tablesFor(registry);
    await tables.start();
    await poll('the retention', async () => (await engineOf(tenant)).includes('toIntervalDay(395)'));
    registry.replace([{ ...tenant, retentionDays: 30 }]);
    await poll('the retention', async () => (await engineOf(tenant)).includes('toIntervalDay(30)'));
    registry.replace([{ ...tenant, retentionDays: null }]);
    await poll('no retention', async () => !(await engineOf(tenant)).includes('TTL'));
    await tables.stop();
    expect(await engineOf(tenant)).not.toContain('TTL');
  });

  it('rows that are older than the retention are gone after a merge, and younger ones are not', async () => {
    const tenant = testTenant('expiring', { retentionDays: 30 });
    const tables = tablesFor(registryOf([tenant]));
    await tables.ensure(tenant);
    await tables.start();
    await poll('the retention', async () => (await engineOf(tenant)).includes('toIntervalDay(30)'));
    const { events } = tableNames(tenant.id);
    await world.run(
      `INSERT INTO ${events} (hostname, received_at) VALUES ('old', now() - INTERVAL 31 DAY), ('new', now() - INTERVAL 29 DAY)`,
    );
    await world.run(`OPTIMIZE TABLE ${events} FINAL`);
    await tables.stop();
    expect(await world.rows(`SELECT hostname FROM ${events}`)).toEqual([{ hostname: 'new' }]);
  });

  it('a table that was dropped under us is made again after it was forgotten', async () => {
    const tenant = testTenant('dropped');
    const tables = tablesFor(registryOf([tenant]));
    await tables.start();
    await world.run(`DROP TABLE ${tableNames(tenant.id).events} SYNC`);
    tables.forget(tenant.id);
    await tables.ensure(tenant);
    await tables.stop();
    expect(await world.rows(`SELECT count() AS n FROM ${tableNames(tenant.id).events}`)).toEqual([{ n: 0 }]);
  });

  it('a column that was dropped under us is back after the table was forgotten', async () => {
    const tenant = testTenant('column_dropped');
    const tables = tablesFor(registryOf([tenant]));
    await tables.start();
    await world.run(`ALTER TABLE ${tableNames(tenant.id).events} DROP COLUMN clicks`);
    tables.forget(tenant.id);
    await tables.ensure(tenant);
    await tables.stop();
    expect(await world.rows(`SELECT clicks FROM ${tableNames(tenant.id).events}`)).toEqual([]);
  });

  it('many callers of ensure share one migration', async () => {
    const tenant = testTenant('shared');
    const metrics = createMetrics();
    const tables = tablesFor(registryOf([]), { metrics });
    await Promise.all(Array.from({ length: 20 }, () => tables.ensure(tenant)));
    await tables.stop();
    const counter = (await metrics.values()).find(
      ({ name }) => name === 'rumbrella_warehouse_migrations_total',
    );
    expect(counter?.values).toMatchObject([{ value: 1, labels: { result: 'ready' } }]);
  });
});
