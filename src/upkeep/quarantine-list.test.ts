import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQuarantine } from '#loader';
import type { TenantId } from '#tenants';
import { listQuarantine } from './quarantine-list.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-quarantine-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const add = async (tenant: string, offset: number, now: number): Promise<void> => {
  const quarantine = await openQuarantine(folder, new Set());
  await quarantine.add(
    [
      {
        tenant: tenant as TenantId,
        segment: '00000000000000aa',
        offset,
        code: '27',
        reason: 'cannot parse input',
        record: {
          receivedAt: now - 1_000,
          destination: tenant as TenantId,
          trace: 't',
          clientAddress: '',
          country: '',
          city: '',
          method: 'POST',
          query: '',
          body: Buffer.from(`u=https%3A%2F%2Fa.example%2F${offset}%3Fsecret%3D1`),
          headers: [],
        },
      },
    ],
    now,
  );
};

test('beacons in quarantine are listed with the newest first, with the page and the reason', async () => {
  await add('shop', 1, NOON - 86_400_000);
  await add('shop', 2, NOON);
  await add('news', 3, NOON);
  const all = await listQuarantine(folder, null, 10);
  expect(all.beacons.map(({ tenant, address }) => `${tenant} ${address}`)).toEqual([
    'news https://a.example/3',
    'shop https://a.example/2',
    'shop https://a.example/1',
  ]);
  expect(all.files.map(({ tenant, day }) => `${tenant} ${day}`)).toEqual([
    'news 2026-11-22',
    'shop 2026-11-22',
    'shop 2026-11-21',
  ]);
  expect(all.beacons[1]).toMatchObject({
    code: '27',
    reason: 'cannot parse input',
    receivedAt: '2026-11-22T11:59:59.000Z',
    offset: 2,
  });
});

test('only those of one tenant, and not more than asked for, are listed', async () => {
  for (const offset of [1, 2, 3]) await add('shop', offset, NOON);
  await add('news', 4, NOON);
  const { beacons, files } = await listQuarantine(folder, 'shop', 2);
  expect(beacons.map(({ offset }) => offset)).toEqual([3, 2]);
  expect(files).toHaveLength(1);
});

test('a quarantine that is not there is empty', async () => {
  expect(await listQuarantine(join(folder, 'nowhere'), null, 10)).toEqual({ files: [], beacons: [] });
});
