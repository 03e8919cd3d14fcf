import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { silentLog, systemClock } from '#core';
import type { Tenant, TenantId } from '#tenants';
import { createMigrator, type Migrator, type MigratorOptions } from '../../src/warehouse/migrator.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from './warehouse.ts';

/** The warehouse of the suite. */
export let world: TestWarehouse;
/** A tenant of its own for each test. */
export let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());
beforeEach(() => {
  number += 1;
  tenant = testTenant(`tenant${number}`);
});

/** A migrator of that warehouse. */
export const migratorOf = (options: Partial<MigratorOptions> = {}): Migrator =>
  createMigrator({
    client: world.warehouse.client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 4,
    ...options,
  });

/** Columns of a table in their order. */
export const columnsOf = async (table: string): Promise<[name: string, type: string][]> => {
  const rows = await world.rows<{ name: string; type: string }>(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
    { table },
  );
  return rows.map(({ name, type }) => [name, type]);
};

/** What is recorded of the migrations of a tenant. */
export const recordsOf = (id: TenantId): Promise<{ number: number; state: string; error: string }[]> =>
  world.rows(
    `SELECT number, state, error FROM rumbrella_migrations FINAL WHERE tenant = {id:String} ORDER BY number`,
    { id },
  );

/** The client, which dies after so many statements: as a process that is killed between two of them. */
export const dyingAfter = (statements: number): ClickHouseClient => {
  let left = statements;
  return new Proxy(world.warehouse.client, {
    get: (client, name, receiver) => {
      if (name !== 'command') return Reflect.get(client, name, receiver);
      return async (parameters: Parameters<ClickHouseClient['command']>[0]) => {
        if (left === 0) throw new Error('killed');
        left -= 1;
        return client.command(parameters);
      };
    },
  });
};
