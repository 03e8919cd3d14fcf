import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportResponse } from '../../../src/modules/reports/exports/export.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import type { Answered } from '../../../src/modules/reports/report.ts';
import { parseCsv, parseNdjson, readParquet } from '../../support/read-exports.ts';
import { type RollupWorld, startRollupWorld } from '../../support/rollup-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import { asker, askWhole, queryOf, reportOf } from './asking.ts';
import { storeChecked } from './checked-world.ts';
import type { Checked } from './checks/check.ts';
import { linesOf } from './checks/lines.ts';
import { makeBeacons } from './raw-beacons.ts';

const END = Date.UTC(2026, 9, 22, 12);
const BEGIN = END - 4 * 86_400_000;
const SITES = ['a.example', 'b.example', 'c.example'];
const SEED = Number(process.env['RUMBRELLA_REPORT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const tenant = testTenant('exported');

let world: RollupWorld;
let checked: Checked;

beforeAll(async () => {
  world = await startRollupWorld();
  checked = await storeChecked(world, {
    tenant,
    rows: makeBeacons(SEED, { from: BEGIN, to: END, sessions: 250, hostnames: SITES }),
    sites: SITES,
    begin: BEGIN,
    end: END,
  });
}, 120_000);
afterAll(() => world.stop());

/** Asks with those of the parameters that the report knows. */
const ask = (path: string, query: URLSearchParams, id: string): Promise<Answered> => {
  const known = [...query].filter(([name]) => Object.hasOwn(reportOf(path).parameters.shape, name));
  const asked = new URLSearchParams(known);
  if (path === '/reports/breakdown') asked.set('dimension', 'page_group');
  return askWhole(
    { client: world.client, tenant: tenant.id, now: END, hostnames: SITES },
    path.slice('/reports/'.length),
    asked,
    id,
  );
};

const fileOf = async (
  { columns, rows }: Answered,
  format: 'csv' | 'ndjson' | 'parquet',
): Promise<Uint8Array> => {
  const { body } = await exportResponse(world.client, { format, name: 'file', columns, rows: rows() });
  return Buffer.from(body as string | Uint8Array);
};

/** Cells that a line does not name are empty. */
const whole = (columns: Answered['columns'], line: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.keys(columns).map((name) => [name, line[name] ?? null]));

const cellText = (value: unknown): string =>
  value === null ? '' : String(value as string | number | boolean);

describe.each(REPORTS.map(({ path, tables }) => [path, tables] as const))(
  `the files of %s (seed ${SEED})`,
  (path, tables) => {
    it('hold the values of its answer line by line, in every format', async () => {
      await fc.assert(
        fc.asyncProperty(
          checked.selections,
          fc.nat({ max: checked.views.length - 1 }),
          fc.constantFrom('', ...tables),
          async (by, place, table) => {
            const view = checked.views[place];
            const query = queryOf(path.startsWith('/reports/site') ? { ...by, site: null } : by, {
              compare: 'previous',
              split: 'device',
            });
            if (table !== '') {
              query.set('table', table);
              query.set('format', 'csv');
            }
            const answered = await ask(path, query, view === undefined ? '' : (checked.ids.get(view) ?? ''));
            const { columns } = answered;
            const told = table === '' ? linesOf(path)(answered.answer as never) : answered.rows();
            const lines = told.map((line) => whole(columns, line));
            const ndjson = Buffer.from(await fileOf(answered, 'ndjson')).toString();
            expect(parseNdjson(ndjson)).toEqual(lines);
            expect(await readParquet(world, await fileOf(answered, 'parquet'))).toEqual(lines);
            const csv = parseCsv(Buffer.from(await fileOf(answered, 'csv')).toString());
            expect(csv).toHaveLength(lines.length);
            for (const [index, line] of lines.entries())
              for (const [name, value] of Object.entries(line)) {
                const cell = csv[index]?.[name] ?? '';
                // A text that a spreadsheet would take for a formula has an apostrophe in front.
                if (typeof value === 'string') expect(cell.replace(/^'/, '')).toBe(value.replace(/^'/, ''));
                else expect([name, cell]).toEqual([name, cellText(value)]);
              }
          },
        ),
        { numRuns: 4, endOnFailure: true },
      );
    }, 120_000);
  },
);

describe('every report', () => {
  it.each(
    REPORTS.filter(({ path }) => !path.includes('{')).map(({ path }) => path.slice('/reports/'.length)),
  )('%s answers what its schema says, and lines that have its columns', async (path) => {
    const { shape } = reportOf(`/reports/${path}`).parameters;
    for (const query of ['', 'site=b.example', 'from=2020-01-01&to=2020-01-03']) {
      const asked = new URLSearchParams(query);
      if (path === 'breakdown') asked.set('dimension', 'page_group');
      const known = [...asked].filter(([name]) => Object.hasOwn(shape, name));
      // It throws when an answer or a line is otherwise.
      const answer = await asker(world, tenant.id, END, SITES)(path, new URLSearchParams(known));
      expect(answer).toBeTypeOf('object');
    }
  });
});
