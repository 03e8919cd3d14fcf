import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import type { Tenant, TenantId } from '#tenants';
import {
  dropTenantData,
  EVENT_COLUMNS,
  HOSTNAME_COLUMNS,
  PAGE_VIEW_COLUMNS,
  quoteIdentifier,
  tableNames,
} from '#warehouse';
import { MIGRATIONS } from '../../src/warehouse/migrations/list.ts';
import type { Migration } from '../../src/warehouse/migrations/migration.ts';
import { createMigrator, type Migrator, type MigratorOptions } from '../../src/warehouse/migrator.ts';
import { basicRumTables } from '../support/basic-rum-tables.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';

let world: TestWarehouse;
let number = 0;
let tenant: Tenant;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());
beforeEach(() => {
  number += 1;
  tenant = testTenant(`tenant${number}`);
});

const migratorOf = (options: Partial<MigratorOptions> = {}): Migrator =>
  createMigrator({
    client: world.warehouse.client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 4,
    ...options,
  });

const columnsOf = async (table: string): Promise<[name: string, type: string][]> => {
  const rows = await world.rows<{ name: string; type: string }>(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
    { table },
  );
  return rows.map(({ name, type }) => [name, type]);
};

const recordsOf = (id: TenantId): Promise<{ number: number; state: string; error: string }[]> =>
  world.rows(
    `SELECT number, state, error FROM rumbrella_migrations FINAL WHERE tenant = {id:String} ORDER BY number`,
    { id },
  );

/** The client, which dies after so many statements: as a process that is killed between two of them. */
const dyingAfter = (statements: number): ClickHouseClient => {
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

describe('a new tenant', () => {
  it('gets its tables and view with the columns of the schema', async () => {
    await migratorOf().migrate([tenant.id]);
    const names = tableNames(tenant.id);
    expect({
      events: await columnsOf(names.events),
      hostnames: await columnsOf(names.hostnames),
      pageViews: (await columnsOf(names.pageViews)).slice(3),
    }).toEqual({
      events: EVENT_COLUMNS.map(({ name, type }) => [name, type]),
      hostnames: HOSTNAME_COLUMNS.map(({ name, type }) => [name, type]),
      pageViews: PAGE_VIEW_COLUMNS.map(({ name, type }) => [name, type]),
    });
  });

  it('has its migrations recorded', async () => {
    await migratorOf().migrate([tenant.id]);
    expect(await recordsOf(tenant.id)).toEqual(
      MIGRATIONS.map(({ number: n }) => ({ number: n, state: 'applied', error: '' })),
    );
  });

  it('is current afterwards, and nothing is done a second time', async () => {
    const migrator = migratorOf();
    await migrator.migrate([tenant.id]);
    const [inspection] = await migrator.inspect([tenant.id]);
    const [again] = await migrator.migrate([tenant.id]);
    expect([inspection?.version, again]).toMatchObject([3, { kind: 'ready', applied: 0 }]);
  });
});

describe('a migration that is killed', () => {
  it.each([0, 1, 2, 3, 4, 5])('after %i statements is finished by the next run', async (statements) => {
    await migratorOf({ client: dyingAfter(statements) })
      .migrate([tenant.id])
      .catch(() => undefined);
    const [result] = await migratorOf({ lock: { staleMs: 0, pollMs: 10 } }).migrate([tenant.id]);
    expect([result?.kind, (await columnsOf(tableNames(tenant.id).events)).length]).toEqual([
      'ready',
      EVENT_COLUMNS.length,
    ]);
  });
});

describe('a tenant that cannot be migrated', () => {
  const taken = async (): Promise<Tenant> => {
    const other = testTenant(`${tenant.id}_taken`);
    const table = quoteIdentifier(tableNames(other.id).events);
    await world.run(
      `CREATE TABLE ${table} (hostname String, received_at String) ENGINE = MergeTree ORDER BY hostname`,
    );
    return other;
  };

  it('does not stop the others', async () => {
    const other = await taken();
    const results = await migratorOf().migrate([other.id, tenant.id]);
    expect(Object.fromEntries(results.map((result) => [result.tenantId, result.kind]))).toEqual({
      [other.id]: 'failed',
      [tenant.id]: 'ready',
    });
  });

  it('is recorded as failed, with what was found', async () => {
    const other = await taken();
    await migratorOf().migrate([other.id]);
    expect(await recordsOf(other.id)).toEqual([
      {
        number: 1,
        state: 'failed',
        error: expect.stringContaining('column received_at has the type String'),
      },
    ]);
  });

  it('is ready after the trouble was removed', async () => {
    const other = await taken();
    const migrator = migratorOf();
    await migrator.migrate([other.id]);
    await world.run(`DROP TABLE ${quoteIdentifier(tableNames(other.id).events)} SYNC`);
    expect((await migrator.migrate([other.id]))[0]?.kind).toBe('ready');
  });
});

describe('a later migration', () => {
  const addColumn: Migration = {
    number: 4,
    name: 'add_lab',
    kind: 'once',
    up: ({ tenantId }) => [
      `ALTER TABLE ${quoteIdentifier(tableNames(tenantId).events)} ADD COLUMN IF NOT EXISTS lab UInt8`,
    ],
  };

  it('is applied to a tenant that is otherwise current', async () => {
    await migratorOf().migrate([tenant.id]);
    const [result] = await migratorOf({ migrations: [...MIGRATIONS, addColumn] }).migrate([tenant.id]);
    expect([result, (await columnsOf(tableNames(tenant.id).events)).at(-1)]).toEqual([
      { kind: 'ready', tenantId: tenant.id, version: 4, applied: 1 },
      ['lab', 'UInt8'],
    ]);
  });

  it('that reads differently than when it was applied is reported and not applied again', async () => {
    const before = [...MIGRATIONS, addColumn];
    await migratorOf({ migrations: before }).migrate([tenant.id]);
    const changed = [...MIGRATIONS, { ...addColumn, up: () => ['SELECT throwIf(1)'] }];
    const [inspection] = await migratorOf({ migrations: changed }).inspect([tenant.id]);
    expect(inspection).toMatchObject({ version: 4, changed: ['4 add_lab'] });
  });

  it('that is repeatable is applied again when it reads differently', async () => {
    const view = (text: string): Migration => ({
      number: 5,
      name: 'view',
      kind: 'repeatable',
      up: ({ tenantId }) => [`CREATE OR REPLACE VIEW ${tenantId}_lab AS SELECT ${text} AS a`],
    });
    await migratorOf({ migrations: [...MIGRATIONS, view('1')] }).migrate([tenant.id]);
    await migratorOf({ migrations: [...MIGRATIONS, view('2')] }).migrate([tenant.id]);
    expect(await world.rows(`SELECT a FROM ${tenant.id}_lab`)).toEqual([{ a: 2 }]);
  });
});

describe('the migration lock', () => {
  it('lets two processes migrate the same tenants one after the other', async () => {
    const ids = [tenant.id, testTenant(`${tenant.id}b`).id];
    const both = await Promise.all([migratorOf().migrate(ids), migratorOf().migrate(ids)]);
    const applied = both.map((results) =>
      results.reduce((sum, result) => sum + (result.kind === 'ready' ? result.applied : 99), 0),
    );
    expect(applied.toSorted((a, b) => a - b)).toEqual([0, 2 * MIGRATIONS.length]);
  });

  it('is left free', async () => {
    await migratorOf().migrate([tenant.id]);
    expect(
      await world.rows("SELECT name FROM system.tables WHERE name LIKE 'rumbrella_migration_lock%'"),
    ).toEqual([]);
  });

  const lockedBy = (holder: Record<string, unknown>): Promise<void> =>
    world.run(
      `CREATE TABLE rumbrella_migration_lock (held UInt8) ENGINE = Memory COMMENT '${JSON.stringify(holder)}'`,
    );
  const now = (): number => Math.floor(Date.now() / 1_000);

  it('is taken over from a process of this machine that has ended', async () => {
    const { hostname } = await import('node:os');
    await lockedBy({ host: hostname(), pid: 4_194_304, began: 1, nonce: 'x', at: now() });
    expect((await migratorOf({ lock: { waitMs: 2_000, pollMs: 10 } }).migrate([tenant.id]))[0]?.kind).toBe(
      'ready',
    );
  });

  it('is taken over from a holder that no longer renews it', async () => {
    await lockedBy({ host: 'elsewhere', pid: 1, began: 1, nonce: 'x', at: now() - 61 });
    expect((await migratorOf({ lock: { waitMs: 2_000, pollMs: 10 } }).migrate([tenant.id]))[0]?.kind).toBe(
      'ready',
    );
  });

  it('is waited for in vain while its holder lives', async () => {
    await lockedBy({ host: 'elsewhere', pid: 1, began: 1, nonce: 'x', at: now() });
    const locked = migratorOf({ lock: { waitMs: 50, pollMs: 10 } }).migrate([tenant.id]);
    await expect(locked).rejects.toThrow(expect.objectContaining({ code: 'WAREHOUSE_MIGRATION_LOCKED' }));
    await world.run('DROP TABLE rumbrella_migration_lock SYNC');
  });
});

describe('tables that front_basicrum_go made', () => {
  const created = Date.UTC(2023, 4, 5, 10);
  const adopt = async (): Promise<void> => {
    for (const statement of basicRumTables(`${tenant.id}_`)) await world.run(statement);
    await world.warehouse.client.insert({
      table: tableNames(tenant.id).events,
      format: 'JSONEachRow',
      values: [
        {
          created_at: created / 1_000,
          hostname: 'shop.example',
          event_type: 'visit_page',
          session_id: '0f9bfbfc-ce1c-4a5b-a0b8-6c1b1a3a0f9a-r3k6wz',
          session_length: 255,
          page_id: 'aot3mvuv',
          url: 'https://shop.example/cart?id=7',
          first_byte_duration: 65_535,
          largest_contentful_paint: 0,
          geo_country_code: 'BG',
          device_type: 'bot',
          mob_dl: 7,
          mem_limit: 4_294_705_152,
        },
        { created_at: created / 1_000 + 86_400, hostname: 'shop.example', event_type: 'quit_page' },
      ],
    });
    await world.warehouse.client.insert({
      table: tableNames(tenant.id).hostnames,
      format: 'JSONEachRow',
      values: [{ hostname: 'shop.example', updated_at: created / 1_000 }],
    });
    const [result] = await migratorOf().migrate([tenant.id]);
    if (result?.kind === 'failed') throw result.error;
  };

  it('keep every row, and what was narrow is wide', async () => {
    await adopt();
    const rows = await world.rows(
      `SELECT session_id, session_length, page_id, first_byte_duration, largest_contentful_paint, geo_country_code, mob_dl, mem_limit
       FROM ${tableNames(tenant.id).events} ORDER BY created_at`,
    );
    expect(rows).toEqual([
      {
        session_id: '0f9bfbfc-ce1c-4a5b-a0b8-6c1b1a3a0f9a-r3k6wz',
        session_length: 255,
        page_id: 'aot3mvuv',
        first_byte_duration: 65_535,
        largest_contentful_paint: 0,
        geo_country_code: 'BG',
        mob_dl: 7,
        mem_limit: 4_294_705_152,
      },
      {
        session_id: '',
        session_length: 0,
        page_id: '',
        first_byte_duration: null,
        largest_contentful_paint: null,
        geo_country_code: '',
        mob_dl: null,
        mem_limit: null,
      },
    ]);
  });

  it('show in our columns what follows from theirs', async () => {
    await adopt();
    const rows = await world.rows(
      `SELECT toUnixTimestamp64Milli(received_at) AS received, is_page_view, url_path, url_query, is_bot, journal_offset
       FROM ${tableNames(tenant.id).events} ORDER BY created_at LIMIT 1`,
    );
    expect(rows).toEqual([
      {
        received: created,
        is_page_view: true,
        url_path: '/cart',
        url_query: 'id=7',
        is_bot: true,
        journal_offset: 0,
      },
    ]);
  });

  it('have all of our columns with our types, except for keys, and keep their partitions', async () => {
    await adopt();
    const types = new Map(await columnsOf(tableNames(tenant.id).events));
    const [table] = await world.rows<{ partition_key: string }>(
      'SELECT partition_key FROM system.tables WHERE name = {name:String}',
      { name: tableNames(tenant.id).events },
    );
    expect([
      EVENT_COLUMNS.filter(({ name, type }) => types.get(name) !== type),
      table?.partition_key,
    ]).toEqual([[], 'toYYYYMMDD(event_date)']);
  });

  it('still take rows from the Go collector', async () => {
    await adopt();
    await world.run(
      `INSERT INTO ${tableNames(tenant.id).events} SETTINGS input_format_skip_unknown_fields = true FORMAT JSONEachRow ` +
        '{"created_at":"2023-05-07 10:00:00","hostname":"late.example","session_id":"","page_id":"","first_paint":"","ssl":"1"}',
    );
    expect(
      await world.rows(
        `SELECT hostname FROM ${tableNames(tenant.id).events} WHERE hostname = 'late.example'`,
      ),
    ).toEqual([{ hostname: 'late.example' }]);
  });

  it('show page views, where a stored 0 is no measurement', async () => {
    await adopt();
    expect(
      await world.rows(
        `SELECT page_id, largest_contentful_paint, first_byte_duration FROM ${tableNames(tenant.id).pageViews}`,
      ),
    ).toEqual([{ page_id: 'aot3mvuv', largest_contentful_paint: null, first_byte_duration: 65_535 }]);
  });

  it('have their list of host names rebuilt without a partition per name', async () => {
    await adopt();
    const { hostnames } = tableNames(tenant.id);
    const tables = await world.rows(
      'SELECT name, partition_key FROM system.tables WHERE startsWith(name, {name:String})',
      { name: hostnames },
    );
    expect([tables, await world.rows(`SELECT hostname FROM ${hostnames}`)]).toEqual([
      [{ name: hostnames, partition_key: '' }],
      [{ hostname: 'shop.example' }],
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'are adopted all the same after a kill after %i statements',
    async (statements) => {
      for (const statement of basicRumTables(`${tenant.id}_`)) await world.run(statement);
      const { events, hostnames } = tableNames(tenant.id);
      await world.run(`INSERT INTO ${hostnames} (hostname) VALUES ('shop.example')`);
      await migratorOf({ client: dyingAfter(statements) })
        .migrate([tenant.id])
        .catch(() => undefined);
      const [result] = await migratorOf({ lock: { staleMs: 0, pollMs: 10 } }).migrate([tenant.id]);
      expect([
        result?.kind,
        (await columnsOf(events)).length,
        await world.rows(`SELECT DISTINCT hostname FROM ${hostnames}`),
        await world.rows('SELECT name FROM system.tables WHERE name = {name:String}', {
          name: `${hostnames}_rebuilt`,
        }),
      ]).toEqual(['ready', EVENT_COLUMNS.length, [{ hostname: 'shop.example' }], []]);
    },
  );
});

describe('removing the data of a tenant', () => {
  it('leaves nothing of it and everything of the others', async () => {
    const other = testTenant(`${tenant.id}_other`);
    await migratorOf().migrate([tenant.id, other.id]);
    await dropTenantData(world.warehouse.client, tenant.id);
    const left = await world.rows<{ name: string }>(
      'SELECT name FROM system.tables WHERE startsWith(name, {id:String}) ORDER BY name',
      { id: tenant.id },
    );
    // The roll-up is made with the first beacons, not by a migration.
    const { rollup: _rollup, rollupHours: _rollupHours, ...made } = tableNames(other.id);
    expect(new Set(left.map(({ name }) => name))).toEqual(new Set(Object.values(made)));
  });

  it('lets the tenant begin anew', async () => {
    await migratorOf().migrate([tenant.id]);
    await dropTenantData(world.warehouse.client, tenant.id);
    expect(await migratorOf().migrate([tenant.id])).toMatchObject([
      { kind: 'ready', applied: MIGRATIONS.length },
    ]);
  });
});

describe('a hostile name', () => {
  it.each(['a`b', 'a\\', 'x`; DROP TABLE y; --', 'new\nline', "quo'te", 'ünïcode'])(
    'is one table: %j',
    async (name) => {
      await world.run(`CREATE TABLE ${quoteIdentifier(name)} (a UInt8) ENGINE = Memory`);
      const found = await world.rows('SELECT name FROM system.tables WHERE name = {name:String}', { name });
      await world.run(`DROP TABLE ${quoteIdentifier(name)} SYNC`);
      expect(found).toEqual([{ name }]);
    },
  );
});
