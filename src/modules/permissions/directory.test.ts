import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '#core';
import { type Database, openDatabase } from '#database';
import { openPermissionDirectory, type PermissionDirectory } from './directory.ts';
import { permissionsTables } from './tables.ts';

let database: Database;
let directory: PermissionDirectory;

beforeEach(async () => {
  database = await openDatabase({ url: '', path: ':memory:', migrations: permissionsTables });
  directory = openPermissionDirectory(database, createManualClock(0));
  await directory.announce('central', 'mod-kb-1.0.0', [
    { permissionName: 'kb.all', subPermissions: ['kb.read', 'kb.write'] },
  ]);
  await directory.users.add('college', { id: '1', userId: 'carl', permissions: ['kb.all'] });
});

afterEach(() => database.stop());

test('a set of a module that only the other tenant has counts there', async () => {
  expect(await directory.heldBy('college', 'carl', 'central')).toEqual(
    new Set(['kb.all', 'kb.read', 'kb.write']),
  );
});

test('a set that nobody has announced at home is only its name there', async () => {
  expect(await directory.heldBy('college', 'carl')).toEqual(new Set(['kb.all']));
});

test('what was kept for one tenant is not given for another', async () => {
  await directory.heldBy('college', 'carl', 'central');
  expect(await directory.heldBy('college', 'carl', 'institute')).toEqual(new Set(['kb.all']));
});
