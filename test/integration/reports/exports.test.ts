import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeParquet } from '../../../src/modules/reports/exports/parquet.ts';
import type { ExportRow } from '../../../src/modules/reports/report.ts';
import { startTestWarehouse, type TestWarehouse } from '../../support/warehouse.ts';

const COLUMNS = { at: 'moment', 'a name': 'text', n: 'whole', x: 'number', is: 'flag' } as const;

let world: TestWarehouse;
beforeAll(async () => {
  world = await startTestWarehouse();
}, 60_000);
afterAll(() => world.stop());

const readBack = async (rows: readonly ExportRow[]): Promise<unknown[]> => {
  const file = join(world.folder, 'export.parquet');
  await writeFile(file, await writeParquet(world.warehouse.client, COLUMNS, rows));
  return world.rows(`SELECT * FROM file('${file}', Parquet)`);
};

describe('Parquet', () => {
  it('holds every text as it was, and what is not known as null', async () => {
    const texts = ['O\'Brien \\ "x"', '{x:String}', "\\'); DROP TABLE t --", 'a\n\nb\0c', 'утро 👩‍🚀', ''];
    const rows = texts.map((text, index) => ({
      at: `2026-11-22T12:00:00.00${index}Z`,
      'a name': text,
      n: index === 0 ? null : index * 1_000_000_000_000,
      x: index / 3,
      is: index % 2 === 0,
    }));
    expect(await readBack(rows)).toEqual(
      rows.map((row) => ({ ...row, at: row.at.replace('T', ' ').replace('Z', '') })),
    );
  });

  it('has its columns and their types also when there are no rows', async () => {
    expect(await readBack([])).toEqual([]);
    const file = join(world.folder, 'export.parquet');
    const types = await world.rows<{ name: string; type: string }>(`DESCRIBE file('${file}', Parquet)`);
    expect(types.map(({ name, type }) => [name, type])).toEqual([
      ['at', "Nullable(DateTime64(3, 'UTC'))"],
      ['a name', 'Nullable(String)'],
      ['n', 'Nullable(Int64)'],
      ['x', 'Nullable(Float64)'],
      ['is', 'Nullable(Bool)'],
    ]);
  });
});
