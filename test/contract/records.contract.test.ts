import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '#database';
import { openRecords, type Records } from '../../src/modules/records/index.ts';
import { notesTables } from '../../src/modules/notes/tables.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

interface Kind {
  readonly id: string;
  readonly name: string;
}

let folder: string;
let postgres: RunningPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-records-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['sqlite', 'postgres'] as const)('records on %s', (kind) => {
  let database: Database;
  let kinds: Records<Kind>;
  const all = { query: '', offset: 0, limit: 100 };
  const namesOf = async (tenant: string, query: string): Promise<readonly string[]> =>
    (await kinds.list(tenant, { ...all, query })).records.map(({ name }) => name);

  beforeAll(async () => {
    const url = kind === 'sqlite' ? '' : postgres.url;
    database = await openDatabase({ url, path: join(folder, 'records.sqlite'), migrations: notesTables });
    kinds = openRecords<Kind>(database, {
      table: 'note_types',
      fields: { id: 'id', name: 'name' },
      columns: ({ name }) => ({ name }),
    });
    for (const [id, name] of [
      ['1', 'Deploy'],
      ['2', '50%_off'],
      ['3', "it's"],
      ['4', 'Depot'],
    ] as const) {
      await kinds.add('a', { id, name });
    }
    await kinds.add('b', { id: '1', name: 'Secret of B' });
  });
  afterAll(() => database.stop());

  test('are found by CQL: exactly, by a part, in any letter case, combined', async () => {
    expect(await namesOf('a', 'name==Deploy')).toEqual(['Deploy']);
    expect(await namesOf('a', 'name=dep* sortby name/sort.descending')).toEqual(['Depot', 'Deploy']);
    expect(await namesOf('a', 'name=*% or name=*_o*')).toEqual(['50%_off']);
    expect(await namesOf('a', `name=="it's" or id==1 not name==Deploy`)).toEqual(["it's"]);
    expect(await namesOf('a', 'name<>Deploy and id==1')).toEqual([]);
  });

  test('of one tenant are never seen by another, whatever the query says', async () => {
    expect(await namesOf('b', `name=* or name=="x' OR 1=1 --"`)).toEqual(['Secret of B']);
    expect(await kinds.find('b', '2')).toBeUndefined();
    expect(await kinds.replace('b', { id: '2', name: 'stolen' })).toBe(false);
    expect(await kinds.remove('b', '2')).toBe(false);
    expect(await kinds.count('a')).toBe(4);
  });

  test('are listed in pages with their total', async () => {
    const page = await kinds.list('a', { query: 'cql.allRecords=1 sortby id', offset: 1, limit: 2 });
    expect(page.records.map(({ id }) => id)).toEqual(['2', '3']);
    expect(page.totalRecords).toBe(4);
  });

  test('refuse a value that must be unique, and a field that nobody knows', async () => {
    await expect(kinds.add('a', { id: '9', name: 'Deploy' })).rejects.toMatchObject({
      code: 'RECORD_EXISTS',
    });
    await expect(kinds.add('a', { id: '1', name: 'New' })).rejects.toMatchObject({ code: 'RECORD_EXISTS' });
    await expect(namesOf('a', 'doc==x')).rejects.toMatchObject({ code: 'CQL_FIELD_UNKNOWN', status: 400 });
    await expect(namesOf('a', 'constructor==x')).rejects.toMatchObject({ code: 'CQL_FIELD_UNKNOWN' });
  });
});
