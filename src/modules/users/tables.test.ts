import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#database';
import { openAffiliations } from './affiliations.ts';
import { usersTables } from './tables.ts';

test('affiliations of before are found by what can be asked for now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-users-tables-'));
  const path = join(folder, 'control.sqlite');
  const before = await openDatabase({ url: '', path, migrations: usersTables.slice(0, 1) });
  const doc = { id: 'one', userId: 'u', tenantId: 'member', email: 'ann@example.org', barcode: 7 };
  await before
    .as<{ user_tenants: Record<string, string> }>()
    .insertInto('user_tenants')
    .values({
      tenant: 'central',
      id: 'one',
      user_id: 'u',
      username: '',
      member_tenant: 'member',
      central_tenant: '',
      doc: JSON.stringify(doc),
    })
    .execute();
  await before.stop();

  const after = await openDatabase({ url: '', path, migrations: usersTables });
  const ask = async (field: string, value: string): Promise<number> => {
    const exactly = { join: 'and', values: [[field, value]] } as const;
    return (await openAffiliations(after).list('central', { query: '', offset: 0, limit: 10, exactly }))
      .totalRecords;
  };
  expect(await ask('email', 'ann@example.org')).toBe(1);
  expect(await ask('email', 'bob@example.org')).toBe(0);
  expect(await ask('phoneNumber', '')).toBe(1);
  await after.stop();
  await rm(folder, { recursive: true });
});
