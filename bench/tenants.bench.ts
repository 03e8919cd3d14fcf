import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, silentLog, systemClock } from '#core';
import { createSnapshot, type Tenant, type TenantId } from '#tenants';
import { createTenantTables, openWarehouse, quoteIdentifier, tableNames, type Warehouse } from '#warehouse';
import { MIGRATIONS } from '../src/warehouse/migrations/list.ts';
import type { Migration } from '../src/warehouse/migrations/migration.ts';

// The tables of many tenants in the embedded engine: created, looked at again, migrated by one more migration, with one tenant that
// fails, and after a restart of the engine; and what the durability of inserts costs. `npm run bench -- tenants [tenants]`,
// 100 by default; 1000 takes a few minutes.

const TENANTS = Number(process.argv[2] ?? process.env['BENCH_TENANTS'] ?? 100);
const PARALLEL = 4;
/** The engine keeps about 1 MiB for each tenant that was used: its tables, and what it knows of their parts. */
const MEMORY_MIB = Math.max(640, 512 + Math.round(TENANTS * 1.5));

const ADD_COLUMN: Migration = {
  number: 1_000,
  name: 'one_more_column',
  kind: 'once',
  up: ({ tenantId }) => [
    `ALTER TABLE ${quoteIdentifier(tableNames(tenantId).events)} ADD COLUMN IF NOT EXISTS one_more Nullable(UInt32)`,
  ],
};

const main = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-bench-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const run = async (folder: string): Promise<void> => {
  const tenants = Array.from({ length: TENANTS }, (_, index) => tenantOf(`bench_${index}`));
  let warehouse = await open(folder);
  const create = await measure('create', () => start(warehouse, tenants));
  const again = await measure('look again, nothing to do', () => start(warehouse, tenants));
  await measure('one small insert each', () => insertEach(warehouse, tenants));
  const migrate = await measure('one more migration', () =>
    start(warehouse, tenants, [...MIGRATIONS, ADD_COLUMN]),
  );
  const broken = await measure('one more, one tenant fails', () => failOne(warehouse, tenants));
  const memory = memoryOf(folder);
  const durability = await insertCost(warehouse);
  await warehouse.stop();

  const reopen = await measure('restart: engine', async () => {
    warehouse = await open(folder);
  });
  const restart = await measure('restart: tables of all tenants ready', () =>
    start(warehouse, tenants, [...MIGRATIONS, ADD_COLUMN]),
  );
  await warehouse.stop();

  process.stdout.write(
    `inserts of 1,000 rows: ${durability.synced.toFixed(1)} ms with fsync, ${durability.plain.toFixed(1)} ms without; ` +
      `engine ${memory} MiB with ${TENANTS} tenants\n`,
  );
  process.stdout.write(
    `${JSON.stringify({
      restart_to_create: ratio(restart.ms, create.ms),
      look_again_to_create: ratio(again.ms, create.ms),
      migrate_to_create: ratio(migrate.ms, create.ms),
      insert_fsync_to_plain: ratio(durability.synced, durability.plain),
      tenants: TENANTS,
      create_ms_per_tenant: perTenant(create.ms),
      migrate_ms_per_tenant: perTenant(migrate.ms),
      look_again_ms: Math.round(again.ms),
      restart_engine_ms: Math.round(reopen.ms),
      restart_tables_ms: Math.round(restart.ms),
      ready_with_one_failing: broken.result,
      engine_rss_mib: memory,
    })}\n`,
  );
};

const open = (folder: string): Promise<Warehouse> =>
  openWarehouse({
    url: '',
    username: 'default',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: MEMORY_MIB * 2 ** 20,
    threads: 2,
    log: silentLog,
  });

/** As the product does at its start; resolves with the number of tenants that are ready. */
const start = async (
  warehouse: Warehouse,
  tenants: readonly Tenant[],
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number> => {
  const snapshot = createSnapshot('1', 0, tenants, []);
  const tables = createTenantTables({
    client: warehouse.client,
    registry: { current: () => snapshot, onChange: () => () => undefined },
    log: silentLog,
    metrics: createMetrics(),
    clock: systemClock,
    parallel: PARALLEL,
    migrations,
  });
  await tables.start();
  const ready = tenants.filter((tenant) => tables.state(tenant.id).kind === 'ready').length;
  await tables.stop();
  return ready;
};

const insertEach = async (warehouse: Warehouse, tenants: readonly Tenant[]): Promise<void> => {
  for (const { id } of tenants)
    await warehouse.client.command({
      query: `INSERT INTO ${quoteIdentifier(tableNames(id).events)} (hostname, received_at) VALUES ('a.example', now())`,
    });
};

const failOne = async (warehouse: Warehouse, tenants: readonly Tenant[]): Promise<number> => {
  const bad = tenants[Math.floor(tenants.length / 2)]?.id;
  const fails: Migration = {
    ...ADD_COLUMN,
    number: 1_001,
    name: 'fails_for_one',
    up: (context) => (context.tenantId === bad ? ['SELECT throwIf(1)'] : []),
  };
  return start(warehouse, tenants, [...MIGRATIONS, ADD_COLUMN, fails]);
};

/** Median ms of an insert of 1,000 rows, with the settings of the events table and without them. */
const insertCost = async (
  warehouse: Warehouse,
): Promise<{ readonly synced: number; readonly plain: number }> => {
  const source = quoteIdentifier(tableNames(tenantOf('bench_0').id).events);
  const cost = async (name: string, synced: 0 | 1): Promise<number> => {
    await warehouse.client.command({ query: `CREATE TABLE ${name} AS ${source}` });
    await warehouse.client.command({
      query: `ALTER TABLE ${name} MODIFY SETTING fsync_after_insert = ${synced}, fsync_part_directory = ${synced}`,
    });
    const times: number[] = [];
    for (let round = 0; round < 21; round += 1) {
      const began = performance.now();
      await warehouse.client.command({
        query: `INSERT INTO ${name} (hostname, received_at, session_id) SELECT 'a.example', now(), toString(rand()) FROM numbers(1000)`,
      });
      times.push(performance.now() - began);
    }
    return times.toSorted((a, b) => a - b)[10] ?? 0;
  };
  return { synced: await cost('bench_synced', 1), plain: await cost('bench_plain', 0) };
};

const tenantOf = (id: string): Tenant => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an id of the right form
  id: id as TenantId,
  name: id,
  traces: [id],
  expiresAt: null,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
});

/** How long it took, ms, and what came out. */
const measure = async <T>(
  what: string,
  work: () => Promise<T>,
): Promise<{ readonly ms: number; readonly result: T }> => {
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  process.stdout.write(
    `${what.padEnd(40)} ${(ms / 1_000).toFixed(2).padStart(8)} s ${(ms / TENANTS).toFixed(1).padStart(8)} ms per tenant\n`,
  );
  return { ms, result };
};

const ratio = (a: number, b: number): number => Number((a / b).toFixed(3));
const perTenant = (ms: number): number => Number((ms / TENANTS).toFixed(1));

/** Resident memory of the engine's process, MiB. */
const memoryOf = (folder: string): number => {
  const { pid }: { pid: number } = JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8'));
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(rss) / 1_024);
};

await main();
