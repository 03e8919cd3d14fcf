import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatabaseOptions, openDatabase, tableMigration } from '#database';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

interface Tables {
  readonly fruit: { tenant: string; name: string; price: number; picked_at: number; facts: string };
}

const migrations = [
  tableMigration(
    'fruit_01_create',
    `CREATE TABLE fruit (tenant text NOT NULL, name text NOT NULL, price integer NOT NULL, picked_at bigint NOT NULL,
     facts text NOT NULL, PRIMARY KEY (tenant, name))`,
  ),
];
const pear = {
  tenant: 'b',
  name: "pear'; DROP TABLE fruit",
  price: 3,
  picked_at: 1_900_000_000_123,
  facts: '{"é":"☂"}',
};

let folder: string;
let postgres: RunningPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-database-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['sqlite', 'postgres'] as const)('the control database on %s', (kind) => {
  const options = (): DatabaseOptions => ({
    url: kind === 'sqlite' ? '' : postgres.url,
    path: join(folder, 'control.sqlite'),
    migrations,
  });

  test('keeps what was written over a reopening, and migrates once', async () => {
    const first = await openDatabase(options());
    await first.as<Tables>().insertInto('fruit').values(pear).execute();
    await first.stop();
    await first.stop();

    const second = await openDatabase(options());
    expect(second.kind).toBe(kind);
    expect(await second.as<Tables>().selectFrom('fruit').selectAll().execute()).toEqual([pear]);
    await second.stop();
  });

  test('rolls a failed transaction back', async () => {
    const database = await openDatabase(options());
    const tables = database.as<Tables>();
    const attempt = tables.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('fruit').execute();
      await transaction.insertInto('fruit').values([pear, pear]).execute();
    });
    await expect(attempt).rejects.toThrow();
    expect(await tables.selectFrom('fruit').selectAll().execute()).toEqual([pear]);
    await database.stop();
  });

  test('tells how many rows a change has met', async () => {
    const database = await openDatabase(options());
    const tables = database.as<Tables>();
    const changed = await tables
      .updateTable('fruit')
      .set({ price: 4 })
      .where('tenant', '=', 'b')
      .executeTakeFirst();
    expect(Number(changed.numUpdatedRows)).toBe(1);
    const none = await tables.deleteFrom('fruit').where('tenant', '=', 'nobody').executeTakeFirst();
    expect(Number(none.numDeletedRows)).toBe(0);
    await database.stop();
  });

  test('lets several processes open it at once', async () => {
    const opened = await Promise.all([
      openDatabase(options()),
      openDatabase(options()),
      openDatabase(options()),
    ]);
    await Promise.all(opened.map((database) => database.stop()));
  });

  test('names the migration that fails', async () => {
    const broken = [...migrations, tableMigration('fruit_02_breaks', 'CREATE TABLE fruit (a text)')];
    await expect(openDatabase({ ...options(), migrations: broken })).rejects.toMatchObject({
      code: 'DATABASE_MIGRATION_FAILED',
      message: expect.stringContaining('fruit_02_breaks'),
    });
  });
});
