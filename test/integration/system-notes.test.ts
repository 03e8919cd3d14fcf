import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import { openAnnotations, openMeasurementState, type StoredAnnotation } from '#modules';
import { createSnapshot, type TenantId } from '#tenants';
import { createVersionNotes, notePageGroups } from '#upkeep';
import { openViews } from '#warehouse';
import { notesTables } from '../../src/modules/notes/tables.ts';
import { pageLife, type RollupWorld, startRollupWorld } from '../support/rollup-world.ts';
import { testTenant } from '../support/warehouse.ts';

const DAY = 86_400_000;
const NOON = Date.parse('2026-11-22T12:00:00Z');
const OF_ALL = { from: 0, to: Number.MAX_SAFE_INTEGER, site: null, reader: { tenant: '', userId: '' } };

let world: RollupWorld;
let folder: string;
let database: Database;
const shop = { ...testTenant('shop'), traces: ['T1'] };
const news = { ...testTenant('news'), traces: ['T2'] };
const umbrella = { ...testTenant('umbrella'), traces: [] };
const registry = { current: () => createSnapshot('v', 0, [shop, news, umbrella], []) };

beforeAll(async () => {
  world = await startRollupWorld();
  for (const tenant of [shop, news]) await world.makeTables(tenant);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-notes-'));
  database = await openDatabase({ url: '', path: join(folder, 'c.sqlite'), migrations: notesTables });
  return async () => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
});

afterAll(() => world?.stop());

const notesOf = (tenant: string): Promise<readonly StoredAnnotation[]> =>
  openAnnotations(database).list(tenant, OF_ALL);

/** Page views of a site on a day, counted from the day of NOON. */
const visit = async (tenant: TenantId, host: string, version: string, day: number, views: number) => {
  const rows = Array.from({ length: views }, (_, n) =>
    pageLife(
      { host, session: `${host}${version}${day}-${n}`, page: `p${n}`, at: NOON + day * DAY + n * 1_000 },
      [],
      {
        boomerang_version: version,
        browser_name: 'Chrome',
        hostname: host,
      },
    ),
  ).flat();
  await world.insert(tenant, rows);
};

const look = async (): Promise<number> => {
  const { client } = world;
  const notes = createVersionNotes({
    client,
    views: openViews({ client }),
    annotations: openAnnotations(database),
    registry,
    clock: createManualClock(NOON),
    log: silentLog,
    isActive: () => true,
  });
  const written = await notes.look();
  await notes.stop();
  return written;
};

test('a version of Boomerang that comes to a site is noted once, for its organization and site, also after a restart', async () => {
  await visit(shop.id, 'a.example', '1.0', -20, 200);
  await visit(shop.id, 'a.example', '1.1', -3, 150);
  await visit(shop.id, 'b.example', '1.1', -10, 200);
  // Back after a month: it is not new.
  await visit(shop.id, 'b.example', '0.9', -60, 10);
  await visit(shop.id, 'b.example', '0.9', -2, 150);
  await visit(news.id, 'n.example', '1.0', -20, 200);
  expect(await look()).toBe(1);
  const notes = await notesOf('shop');
  expect(notes).toMatchObject([
    {
      scope: 'system',
      author: null,
      kindName: 'Measurement change',
      site: 'a.example',
      version: '1.1',
      startsAt: NOON - 3 * DAY,
      isPeriod: false,
      title: 'Boomerang 1.1 is measuring',
    },
  ]);
  expect(notes[0]?.content).toContain('where it was 1.0');
  expect(await notesOf('news')).toEqual([]);
  expect(await look()).toBe(0);
  expect(await notesOf('shop')).toEqual(notes);
});

test('other rules of page groups are noted at the start that finds them, once for each organization that sends beacons', async () => {
  const clock = createManualClock(NOON);
  const annotations = openAnnotations(database);
  const start = (...groups: readonly string[]): Promise<void> =>
    notePageGroups(
      groups.map((group) => ({ path: `/${group}/*`, group })),
      { state: openMeasurementState(database), annotations, registry, clock },
    );
  const counts = async (): Promise<readonly number[]> =>
    Promise.all(['shop', 'news', 'umbrella'].map(async (tenant) => (await notesOf(tenant)).length));
  await start('a');
  await start('a');
  expect(await counts()).toEqual([0, 0, 0]);
  clock.advance(DAY);
  await start('a', 'b');
  await start('a', 'b');
  expect(await counts()).toEqual([1, 1, 0]);
  expect((await notesOf('shop'))[0]).toMatchObject({ scope: 'system', author: null, startsAt: NOON + DAY });
  clock.advance(DAY);
  await start('b', 'a');
  clock.advance(DAY);
  await start('a', 'b');
  expect(await counts()).toEqual([3, 3, 0]);
});

test('a start that ends between the notes writes those that are missing, and none twice', async () => {
  const annotations = openAnnotations(database);
  const state = openMeasurementState(database);
  const clock = createManualClock(NOON);
  const deps = { state, annotations, registry, clock };
  await notePageGroups([], deps);
  const rules = [{ path: '/a', group: 'a' }];
  let left = 1;
  const dying: typeof annotations.addOnce = async (...given) => {
    if (left-- === 0) throw new Error('killed');
    return annotations.addOnce(...given);
  };
  await expect(notePageGroups(rules, { ...deps, annotations: { addOnce: dying } })).rejects.toThrow('killed');
  clock.advance(60_000);
  await notePageGroups(rules, deps);
  const found = await Promise.all(['shop', 'news'].map(notesOf));
  expect(found.map((notes) => notes.length)).toEqual([1, 1]);
});
