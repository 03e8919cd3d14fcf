import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Log, Metrics, Running } from '#core';
import { openSharedEngine, type SharedEngine } from './engine/shared-engine.ts';

/** Where the warehouse is, and how much the embedded one may take. */
export interface WarehouseOptions {
  /** A server's or cluster's address; '' for the embedded engine. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Name of the cluster for ON CLUSTER; '' for one server. */
  readonly cluster: string;
  /** The data folder; the embedded engine lives in `engine/` below it. */
  readonly dataDir: string;
  /** Limit of the embedded engine's memory. */
  readonly memoryBytes: number;
  /** Threads of one statement in the embedded engine. */
  readonly threads: number;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Ends the waiting for another process that has the engine's data open. */
  readonly signal?: AbortSignal;
  /** How long it is waited for. Default: without end. */
  readonly patienceMs?: number;
}

/** All that another thread or process needs to make a client of its own: plain data. */
export interface WarehouseConnection {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

/** The open warehouse. */
export interface Warehouse extends Running {
  readonly kind: 'embedded' | 'server';
  readonly client: ClickHouseClient;
  readonly connection: WarehouseConnection;
  readonly database: string;
  /** '' for one server. */
  readonly cluster: string;
  /** True while this process runs the engine; false while it uses that of another process, or a server. */
  readonly ownsEngine: boolean;
  /** The version of ClickHouse, for example `26.7.2.1`. Errors: what the client throws when it does not answer. */
  version(): Promise<string>;
}

/**
 * Opens the warehouse: the server at `url`, or the embedded engine, which is started unless another process runs it on
 * the same data folder already; when that one ends, the engine becomes this process's.
 * Errors: `ENGINE_FAILED` when it cannot be started. A server is not contacted here.
 */
export const openWarehouse = async (options: WarehouseOptions): Promise<Warehouse> => {
  const { username, password, database, metrics } = options;
  if (options.url !== '')
    return warehouse('server', options, { url: options.url, username, password, database });
  const restarts = metrics?.counter(
    'rumbrella_engine_restarts_total',
    'How often the embedded ClickHouse died and was started again',
  );
  const engine = await openSharedEngine({
    dataDir: resolve(options.dataDir),
    memoryBytes: options.memoryBytes,
    threads: options.threads,
    log: options.log,
    onDied: () => restarts?.inc(),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
  });
  return warehouse('embedded', options, { ...engine.address, database }, engine);
};

const warehouse = (
  kind: Warehouse['kind'],
  options: WarehouseOptions,
  connection: WarehouseConnection,
  engine?: SharedEngine,
): Warehouse => {
  const client = createWarehouseClient(connection, kind);
  let stopped: Promise<void> | undefined;
  return {
    kind,
    client,
    connection,
    database: options.database,
    cluster: options.cluster,
    get ownsEngine() {
      return engine?.isOwn ?? false;
    },
    version: async () => {
      const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
      const rows = await result.json<{ version: string }>();
      return rows[0]?.version ?? '';
    },
    stop: () => {
      stopped ??= client.close().then(() => engine?.stop());
      return stopped;
    },
  };
};

/**
 * Makes a client as the product uses it; for worker threads, which get a `WarehouseConnection` by message. Inserts are
 * always synchronous. Compression is left to servers: on loopback it only costs time.
 */
export const createWarehouseClient = (
  connection: WarehouseConnection,
  kind: 'embedded' | 'server',
): ClickHouseClient =>
  createClient({
    url: connection.url,
    username: connection.username,
    password: connection.password,
    database: connection.database,
    application: 'rumbrella',
    request_timeout: 120_000,
    max_open_connections: 16,
    // Below the 10 s (server) or 30 s (embedded) after which the other side closes an idle connection.
    keep_alive: { enabled: true, idle_socket_ttl: 5_000 },
    compression: { request: kind === 'server', response: kind === 'server' },
    clickhouse_settings: { async_insert: 0 },
    // Its errors are thrown; a second report on standard error would break the JSON lines.
    log: { level: ClickHouseLogLevel.OFF },
  });
