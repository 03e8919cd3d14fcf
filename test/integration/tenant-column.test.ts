import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadConfig } from '#config';
import { openControlDatabase } from '../../src/control-database.ts';

test('no row of the control database can be nobody’s: the tenant of a table is never NULL, and its key begins with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-tenant-column-'));
  const database = await openControlDatabase(loadConfig({ env: {}, overrides: { data_dir: folder } }));
  try {
    const db = database.as<Record<never, never>>();
    const { rows } = await sql<{ table: string; notnull: number; pk: number }>`
      SELECT m.name AS "table", c."notnull" AS "notnull", c.pk AS pk
      FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'tenant' ORDER BY m.name`.execute(db);
    expect(rows.length).toBeGreaterThan(12);
    expect(rows.filter(({ notnull }) => notnull !== 1)).toEqual([]);
    expect(rows.filter(({ pk }) => pk > 1)).toEqual([]);
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
