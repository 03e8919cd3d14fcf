import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '#core';
import type { Tenant, TenantId } from '#tenants';
import { openWarehouse, type Warehouse } from '#warehouse';

/** An embedded warehouse in a folder of its own. */
export interface TestWarehouse {
  readonly warehouse: Warehouse;
  /** The data folder. */
  readonly folder: string;
  /** Rows of a query, as objects; 64-bit numbers as numbers. */
  rows<T>(query: string, parameters?: Record<string, unknown>): Promise<T[]>;
  run(statement: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an embedded warehouse; `stop` removes its folder. */
export const startTestWarehouse = async (): Promise<TestWarehouse> => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-warehouse-'));
  const warehouse = await openWarehouse({
    url: '',
    username: 'default',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: 671_088_640,
    threads: 2,
    log: silentLog,
  });
  return {
    warehouse,
    folder,
    rows: async (query, parameters = {}) => {
      const result = await warehouse.client.query({
        query,
        format: 'JSONEachRow',
        query_params: parameters,
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      });
      return result.json();
    },
    run: async (statement) => {
      await warehouse.client.command({ query: statement });
    },
    stop: async () => {
      await warehouse.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A tenant with one trace, active for ever. The id must have the form of one. */
export const testTenant = (id: string, facts: Partial<Omit<Tenant, 'id'>> = {}): Tenant => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not under test here
  id: id as TenantId,
  name: id,
  traces: [`trace-${id}`],
  expiresAt: null,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
  ...facts,
});
