import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { silentLog } from '#core';
import { openWarehouse, type Warehouse, type WarehouseConnection } from '#warehouse';

/** A ClickHouse to run the contract against, with an empty database of its own. */
export interface Target {
  readonly client: ClickHouseClient;
  readonly connection: WarehouseConnection;
  /** Makes a client as a stranger would, with the official client's own defaults. */
  newClient(options?: Parameters<typeof createClient>[0]): ClickHouseClient;
  stop(): Promise<void>;
}

/** One way to get a target. */
export interface TargetKind {
  readonly name: string;
  open(): Promise<Target>;
}

/** The embedded engine always, and the server of RUMBRELLA_CLICKHOUSE_URL when it is given. */
export const targetKinds = (): readonly TargetKind[] => {
  const url = process.env['RUMBRELLA_CLICKHOUSE_URL'] ?? '';
  return [
    { name: 'the embedded engine', open: () => openTarget('') },
    ...(url === '' ? [] : [{ name: 'a server', open: () => openTarget(url) }]),
  ];
};

const openTarget = async (url: string): Promise<Target> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'rumbrella-contract-'));
  const warehouse: Warehouse = await openWarehouse({
    url,
    username: process.env['RUMBRELLA_CLICKHOUSE_USERNAME'] ?? 'default',
    password: process.env['RUMBRELLA_CLICKHOUSE_PASSWORD'] ?? '',
    database: 'default',
    cluster: '',
    dataDir,
    memoryBytes: 640 * 2 ** 20,
    threads: 2,
    log: silentLog,
  });
  const database = `contract_${randomBytes(6).toString('hex')}`;
  await warehouse.client.command({ query: `CREATE DATABASE ${database}` });
  const connection = { ...warehouse.connection, database };
  const clients: ClickHouseClient[] = [];
  const newClient: Target['newClient'] = (options = {}) => {
    const client = createClient({ ...connection, log: { level: ClickHouseLogLevel.OFF }, ...options });
    clients.push(client);
    return client;
  };
  return {
    client: newClient(),
    connection,
    newClient,
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await warehouse.client.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
      await warehouse.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
