import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableNames } from '#warehouse';
import type { ReportsWorld } from '../../support/reports-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import {
  anyPageView,
  expectNothingOf,
  insertMarked,
  MARKS,
  plainRequests,
  readable,
  several,
  startMarkedWorld,
  steady,
  wordsOfOthers,
} from './marked-world.ts';

let world: ReportsWorld;
/** What bear was answered when nobody else had data, by path. */
const alone = new Map<string, string>();

beforeAll(async () => {
  world = await startMarkedWorld();
  await insertMarked(world, 'bear');
  await world.rollUp('bear');
  await several(plainRequests(await anyPageView(world, 'bear')), async (path) => {
    const { status, bytes } = await world.ask('bear', path);
    expect([path, status]).toEqual([path, 200]);
    alone.set(path, steady(bytes));
  });
  await insertMarked(world, 'crow');
  await insertMarked(world, 'deer');
  await world.rollUp('bear', 'crow');
}, 300_000);
afterAll(() => world.stop());

/** The tenants whose tables or views stand in a statement or in its parameters. */
const tenantsNamed = (statement: string): readonly string[] => {
  const names = Object.values(tableNames(testTenant('x').id)).map((name) => name.slice(1));
  const tables = new RegExp(`\\b([a-z][a-z0-9_]*?)(?:${names.join('|')})\\b`, 'g');
  return [...new Set([...statement.matchAll(tables)].map(([, tenant = '']) => tenant))];
};

describe('reports of one tenant', () => {
  it.each([
    ['the tenant itself', 'bear'],
    ['the umbrella in its context', 'umbrella'],
  ])(
    'are the same to the last byte for %s whether others have data or not',
    async (_, home) => {
      const requests = [...alone.keys()];
      expect(requests.length).toBeGreaterThan(50);
      await several(requests, async (path) => {
        const now = await world.ask(home, path, 'bear');
        expect(steady(now.bytes), path).toBe(alone.get(path));
        expect(now.headers['x-report-tenant'], path).toBe('bear');
        expectNothingOf(wordsOfOthers('bear'), await readable(world, now), path);
      });
    },
    300_000,
  );

  it('read tables of that tenant alone, in every statement', async () => {
    const questions = [
      ['bear', 'bear', [...alone.keys()]],
      ['umbrella', 'bear', [...alone.keys()].filter((path) => path.includes('format=json'))],
      ['crow', 'crow', plainRequests('1-1')],
    ] as const;
    for (const [home, tenant, paths] of questions) {
      world.statements.length = 0;
      await several(paths, async (path) => void (await world.ask(home, path, tenant)));
      const reading = world.statements.map(tenantsNamed);
      expect(reading.filter((named) => named.length > 0).length).toBeGreaterThan(paths.length / 2);
      for (const [index, named] of reading.entries()) {
        // A file is written from rows that were read before, without any table.
        if (named.length > 0) expect(named, world.statements[index]).toEqual([tenant]);
        else expect(world.statements[index]).toMatch(/^SELECT \* FROM format\(JSONEachRow, /);
      }
    }
  });

  it.each(['json', 'parquet'])(
    'are not empty as %s: what this suite looks for is there',
    async (format) => {
      for (const [tenant, { word, country }] of Object.entries(MARKS).slice(0, 2)) {
        const id = await anyPageView(world, tenant);
        const shown = new Map<string, string>();
        for (const path of plainRequests(id).filter((each) => each.includes(`format=${format}`)))
          shown.set(path, await readable(world, await world.ask(tenant, path)));
        const paths = [...shown]
          .filter(([, text]) => text.includes(word))
          .map(([path]) => path.split(/[/?]/)[2]);
        for (const path of [
          'breakdown',
          'elements',
          'page-views',
          'sites',
          'site-names',
          'coverage',
          'live',
          'bfcache-reasons',
        ])
          expect(paths, path).toContain(path);
        const one = [...shown].filter(([path]) => path.includes(id)).map(([, text]) => text);
        expect(one.join('\n')).toContain(`"${country}"`);
      }
    },
    120_000,
  );
});
