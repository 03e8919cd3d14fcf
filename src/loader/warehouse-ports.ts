import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorCode } from '#core';
import type { TenantRegistry } from '#tenants';
import {
  createBlockMemory,
  existingPositions,
  insertRows,
  layoutOf,
  nativeBlock,
  probe,
  type TenantTables,
  upsertHostnames,
  waitUntilNoInsertRuns,
} from '#warehouse';
import type { TablesPort, WarehousePort } from './ports.ts';

/** The warehouse behind a client, as the loader uses it. `cluster`: its name, or '' for one server. */
export const createWarehousePort = (client: ClickHouseClient, cluster: string): WarehousePort => {
  const layout = layoutOf(cluster);
  const memory = createBlockMemory();
  return {
    probe: (timeoutMs) => probe(client, timeoutMs),
    insertRows: async ({ tenant, batchId, rows }, options) => {
      const native = nativeBlock(rows, batchId, memory);
      const outcome = await insertRows(client, tenant, { batchId, rowCount: rows.length, native }, options);
      // Only then it is certain that nobody sends from this memory any more.
      if (outcome.kind === 'done') memory.giveBack(native);
      return outcome;
    },
    existingPositions: (tenant, range) => existingPositions(client, tenant, range, layout),
    waitUntilNoInsertRuns: (tenantId, timeoutMs) =>
      waitUntilNoInsertRuns(client, { tenantId }, timeoutMs, { layout }),
    upsertHostnames: async (tenant, hostnames, at) => {
      await upsertHostnames(client, tenant, hostnames, at);
    },
  };
};

/** Longer than this nobody waits for a migration: the tenant lags, and is tried again. */
const TABLES_PATIENCE_MS = 2_000;

/** The tables of tenants, as the loader asks for them. */
export const createTablesPort = (
  tables: TenantTables,
  registry: Pick<TenantRegistry, 'current'>,
  clock: Clock,
): TablesPort => ({
  ensure: async (id) => {
    const tenant = registry.current().byId(id);
    // It has left the users map: what is there is used as it is.
    if (tenant === undefined) return 'ready';
    const patience = new AbortController();
    try {
      const late = clock.sleep(TABLES_PATIENCE_MS, patience.signal).then(() => 'migrating' as const);
      return await Promise.race([tables.ensure(tenant), late]);
    } catch (error) {
      // The server's troubles are the gate's; the others are this tenant's.
      if (errorCode(error) === 'WAREHOUSE_UNAVAILABLE') throw error;
      return 'failed';
    } finally {
      patience.abort();
    }
  },
  exists: (id) => tables.exists(id),
  forget: (id) => tables.forget(id),
});
