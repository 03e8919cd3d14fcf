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

/** Every statement since `from` names tables of this tenant alone. */
const expectTablesOf = (tenant: string, from: number, least: number): void => {
  const statements = world.statements.slice(from);
  expect(statements.filter((statement) => tenantsNamed(statement).length > 0).length).toBeGreaterThan(least);
  for (const statement of statements) {
    const named = tenantsNamed(statement);
    // A file is written from rows that were read before, without any table.
    if (named.length > 0) expect(named, statement).toEqual([tenant]);
    else expect(statement).toMatch(/^SELECT \* FROM format\(JSONEachRow, /);
  }
};

describe('reports of one tenant', () => {
  it.each([
    ['the tenant itself', 'bear'],
    ['the umbrella in its context', 'umbrella'],
  ])(
    'are the same to the last byte for %s whether others have data or not, and read its tables alone',
    async (_, home) => {
      const requests = [...alone.keys()];
      expect(requests.length).toBeGreaterThan(50);
      const from = world.statements.length;
      await several(requests, async (path) => {
        const now = await world.ask(home, path, 'bear');
        expect(steady(now.bytes), path).toBe(alone.get(path));
        expect(now.headers['x-report-tenant'], path).toBe('bear');
        expectNothingOf(wordsOfOthers('bear'), await readable(world, now), path);
      });
      expectTablesOf('bear', from, requests.length / 2);
    },
    300_000,
  );

  it('read tables of that tenant alone, for a second one beside it', async () => {
    const requests = plainRequests('1-1');
    const from = world.statements.length;
    await several(requests, async (path) => void (await world.ask('crow', path)));
    expectTablesOf('crow', from, requests.length / 2);
  });

  it.each(['json', 'parquet'])(
    'are not empty as %s: what this suite looks for is there',
    async (format) => {
      for (const [tenant, { word, country }] of Object.entries(MARKS).slice(0, 2)) {
        const id = await anyPageView(world, tenant);
        const shown = new Map<string, string>();
        const requests = plainRequests(id).filter((each) => each.includes(`format=${format}`));
        await several(
          requests,
          async (path) => void shown.set(path, await readable(world, await world.ask(tenant, path))),
        );
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
