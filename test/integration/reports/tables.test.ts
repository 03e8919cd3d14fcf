import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { VITAL_IDS } from '#vitals';
import { openViews } from '#warehouse';
import type { PageViewsAnswer } from '../../../src/modules/reports/contract.ts';
import { writeParquet } from '../../../src/modules/reports/exports/parquet.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import type { Answered, Report } from '../../../src/modules/reports/report.ts';
import { openTenantViews } from '../../../src/modules/reports/tenant-views.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../../support/warehouse.ts';
import { storeVisits } from './asking.ts';
import { makeVisits } from './visits.ts';

const tenant = testTenant('tables').id;
const END = Date.UTC(2026, 9, 22, 12);
const BEGIN = END - 6 * 86_400_000;

let world: TestWarehouse;
let id = '';

beforeAll(async () => {
  world = await startTestWarehouse();
  await storeVisits(world, tenant, makeVisits(7, 700, BEGIN, END));
  const list = await ask(reportOf('/reports/page-views'), {});
  id = (list.answer as PageViewsAnswer).views[0]?.id ?? '';
}, 60_000);
afterAll(() => world.stop());

const reportOf = (path: string): Report => {
  const report = REPORTS.find((each) => each.path === path);
  if (report === undefined) throw new Error(`no report ${path}`);
  return report;
};

/** What each report is asked besides the period. */
const MORE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/reports/summary': { compare: 'previous' },
  '/reports/breakdown': { dimension: 'country', limit: '2' },
};

const ask = (report: Report, more: Readonly<Record<string, string>>): Promise<Answered> => {
  const { client } = world.warehouse;
  const views = openTenantViews(
    { client, sources: openViews({ client }), hostnames: () => [], clock: systemClock },
    tenant,
    new AbortController().signal,
    null,
  );
  const period = Object.hasOwn(report.parameters.shape, 'from')
    ? {
        from: new Date(BEGIN + 3 * 86_400_000).toISOString(),
        to: new Date(END).toISOString(),
        navigations: 'all',
      }
    : {};
  const query = new URLSearchParams({ ...period, ...MORE[report.path], ...more });
  return report.ask(query, { tenant, params: { id }, views, now: END });
};

/** What is not data: what was asked, and where the answer comes from. */
const ASIDE: ReadonlySet<string> = new Set(['selection', 'source', 'step', 'kind', 'columns']);

/** All values of an answer as texts, named by where they are. */
const valuesOf = (answer: unknown, at = ''): readonly (readonly [at: string, text: string])[] => {
  if (answer === null || answer === undefined) return [];
  if (typeof answer !== 'object') return [[at, String(answer as string | number | boolean)]];
  return Object.entries(answer).flatMap(([key, value]) =>
    ASIDE.has(key) && !at.startsWith('.beacons') ? [] : valuesOf(value, `${at}.${key}`),
  );
};

describe.each(REPORTS.map((report) => [report.path, report] as const))('the tables of %s', (path, report) => {
  it('hold together every value of the answer, and can be written as Parquet', async () => {
    const json = await ask(report, {});
    const tables = await Promise.all(
      [{}, ...report.tables.map((table) => ({ table }))].map((more) =>
        ask(report, { ...more, format: 'csv' }),
      ),
    );
    // Names of vitals are the beginnings of columns where a line has several.
    const cells = new Set<string>(VITAL_IDS);
    for (const { columns, rows } of tables) {
      const lines = rows();
      for (const line of lines) {
        expect(Object.keys(line).toSorted()).toEqual(Object.keys(columns).toSorted());
        for (const cell of Object.values(line)) cells.add(String(cell));
      }
      expect((await writeParquet(world.warehouse.client, columns, lines)).subarray(0, 4)).toEqual(
        Buffer.from('PAR1'),
      );
    }
    const inFacts = [...cells].join('\n');
    const missing = valuesOf(json.answer).filter(
      ([at, text]) =>
        !cells.has(text) &&
        // Lists among the facts are JSON; cells of a grid say what their numbers stand for.
        !(at.startsWith('.facts') && inFacts.includes(text)) &&
        !(/heat|grid/.test(path) && /\.(row|column)$/.test(at)) &&
        at !== '.total.value',
    );
    expect(missing).toEqual([]);
  });
});

describe('a further table', () => {
  it('is not for JSON, and a name that is not known is refused with those that are', async () => {
    const summary = reportOf('/reports/summary');
    await expect(ask(summary, { table: 'changes' })).rejects.toThrow(/csv, ndjson, parquet/);
    await expect(ask(summary, { table: 'nothing', format: 'csv' })).rejects.toThrow(/one of before, changes/);
  });

  it('has its columns also when there is nothing to say', async () => {
    const { columns, rows } = await ask(reportOf('/reports/compare'), {
      table: 'causes',
      format: 'csv',
      filter: 'country:is:nowhere',
    });
    expect([Object.keys(columns), rows()]).toEqual([
      ['dimension', 'distance', 'value', 'share_a', 'share_b'],
      [],
    ]);
  });
});
