import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { AppError, errorCode, type Log, type Metrics, type Running, systemClock } from '#core';
import { findRunning, register, unregister } from './engine/registration.ts';
import { type EngineFacts, superviseEngine } from './engine/supervisor.ts';

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
  /** True when this process started the engine; false when it uses that of another process, or a server. */
  readonly ownsEngine: boolean;
  /** The version of ClickHouse, for example `26.7.2.1`. Errors: what the client throws when it does not answer. */
  version(): Promise<string>;
}

/**
 * Opens the warehouse: the server at `url`, or the embedded engine, which is started unless another process runs it on
 * the same data folder already.
 * Errors: `ENGINE_FAILED` when it cannot be started. A server is not contacted here.
 */
export const openWarehouse = async (options: WarehouseOptions): Promise<Warehouse> => {
  if (options.url !== '') {
    const { url, username, password, database } = options;
    return warehouse('server', options, { url, username, password, database }, false, async () => undefined);
  }
  const embedded = { ...options, dataDir: resolve(options.dataDir) };
  const found = await attach(embedded);
  if (found !== undefined) return found;
  try {
    return await startEmbedded(embedded);
  } catch (error) {
    if (errorCode(error) !== 'ENGINE_LOCKED') throw error;
    // Another process was faster: its registration appears as soon as its engine is ready.
    for (let attempt = 0; attempt < ATTACH_ATTEMPTS; attempt += 1) {
      await systemClock.sleep(ATTACH_PAUSE_MS);
      const other = await attach(embedded);
      if (other !== undefined) return other;
    }
    throw new AppError(
      'ENGINE_FAILED',
      'starting the embedded ClickHouse: another process has its data open',
      {
        hint: `stop the other rumbrella process that uses ${options.dataDir}`,
        cause: error,
      },
    );
  }
};

const ATTACH_ATTEMPTS = 100;
const ATTACH_PAUSE_MS = 100;

const attach = async (options: WarehouseOptions): Promise<Warehouse | undefined> => {
  const running = await findRunning(join(options.dataDir, 'engine.json'));
  if (running === undefined) return undefined;
  const { url, username, password } = running;
  const connection = { url, username, password, database: options.database };
  return warehouse('embedded', options, connection, false, async () => undefined);
};

const startEmbedded = async (options: WarehouseOptions): Promise<Warehouse> => {
  const folder = join(options.dataDir, 'engine');
  const file = join(options.dataDir, 'engine.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const restarts = options.metrics?.counter(
    'rumbrella_engine_restarts_total',
    'How often the embedded ClickHouse died and was started again',
  );
  const engine = await superviseEngine({
    folder,
    memoryBytes: options.memoryBytes,
    threads: options.threads,
    log: options.log.child('engine'),
    onReady: (facts: EngineFacts) => register(file, facts, new Date()),
    onDied: () => restarts?.inc(),
  });
  const { url, username, password } = engine.facts();
  const connection = { url, username, password, database: options.database };
  return warehouse('embedded', options, connection, true, async () => {
    await unregister(file);
    await engine.stop();
  });
};

const warehouse = (
  kind: Warehouse['kind'],
  options: WarehouseOptions,
  connection: WarehouseConnection,
  ownsEngine: boolean,
  stopEngine: () => Promise<void>,
): Warehouse => {
  const client = createWarehouseClient(connection, kind);
  let stopped: Promise<void> | undefined;
  return {
    kind,
    client,
    connection,
    database: options.database,
    cluster: options.cluster,
    ownsEngine,
    version: async () => {
      const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
      const rows = await result.json<{ version: string }>();
      return rows[0]?.version ?? '';
    },
    stop: () => {
      stopped ??= client.close().then(stopEngine);
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
