import { describe, expect, it } from 'vitest';
import type { Tenant } from '#tenants';
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
import { columnsOf, dyingAfter, migratorOf, recordsOf, tenant, world } from '../support/migrations-world.ts';
import { testTenant } from '../support/warehouse.ts';

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

describe('removing the data of a tenant', () => {
  it('leaves nothing of it and everything of the others', async () => {
    const other = testTenant(`${tenant.id}_other`);
    await migratorOf().migrate([tenant.id, other.id]);
    await dropTenantData(world.warehouse.client, tenant.id);
    const left = await world.rows<{ name: string }>(
      'SELECT name FROM system.tables WHERE startsWith(name, {id:String}) ORDER BY name',
      { id: tenant.id },
    );
    // The roll-up is made with the first beacons and copies with the first reports, not by a migration.
    const { rollup: _rollup, rollupHours: _rollupHours, live: _live, ...made } = tableNames(other.id);
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
