import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MatrixAnswer, Selection } from '../../../src/modules/reports/contract.ts';
import { type ReportsWorld, startReportsWorld } from '../../support/reports-world.ts';
import { NOON } from '../../support/gateway-world.ts';
import { readParquet } from '../../support/read-exports.ts';
import { testTenant } from '../../support/warehouse.ts';
import { readable } from './marked-world.ts';
import { queryOf } from './asking.ts';
import { MATRIX_CHECKS } from './checks/matrix.ts';
import { linesOf } from './checks/lines.ts';
import { makeBeacons } from './raw-beacons.ts';
import { stitch } from './slow-views.ts';
import { beaconsOf, makeVisits } from './visits.ts';

const DAY = 86_400_000;
const BEGIN = NOON - 10 * DAY;
const SEED = Number(process.env['RUMBRELLA_REPORT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SITES = ['a.example', 'b.example'];
const anyBeacons = (seed: number) =>
  makeBeacons(seed, { from: BEGIN, to: NOON - DAY, sessions: 250, hostnames: SITES });
/** Members whose visits differ, in sessions and on sites of the same names; the umbrella may look at two of them. */
const BEACONS = {
  bear: beaconsOf(makeVisits(11, 400, BEGIN, NOON - DAY)),
  crow: anyBeacons(SEED),
  deer: anyBeacons(SEED + 1),
};
const SEEN = { bear: stitch(BEACONS.bear), crow: stitch(BEACONS.crow) };
const USERS = `
- user: { prefix: bear, name: Bear, brum_trace: Tbearbear1, expire: 2028-01-01 }
- user: { prefix: crow, name: 'Crow, "the" black', brum_trace: Tcrowcrow1, expire: 2028-01-01 }
- user: { prefix: deer, name: Deer, brum_trace: Tdeerdeer1, expire: 2028-01-01 }
- user: { prefix: umbrella, name: Umbrella, expire: 2028-01-01 }
- relation: { tenant: umbrella, executes_as: [bear, crow], modules: [reports], permissions: ["reports.*"], expire: 2027-12-31 }
`;

let world: ReportsWorld;
beforeAll(async () => {
  world = await startReportsWorld({
    users: USERS,
    tenants: Object.keys(BEACONS),
    held: () => ['reports.get', 'consortium.get'],
  });
  for (const [tenant, rows] of Object.entries(BEACONS)) await world.insert(testTenant(tenant).id, rows);
}, 120_000);
afterAll(() => world.stop());

const ask = (query: URLSearchParams, tenant = 'umbrella') =>
  world.ask(tenant, `/consortium/matrix?${query.toString()}`);

const wholeSecond = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();
const selection: fc.Arbitrary<Selection> = fc.record({
  site: fc.constant(null),
  from: fc.integer({ min: BEGIN - DAY, max: NOON - 4 * DAY }).map(wholeSecond),
  to: fc.integer({ min: NOON - 3 * DAY, max: NOON }).map(wholeSecond),
  filters: fc.array(
    fc.record({
      dimension: fc.constantFrom('device', 'country'),
      op: fc.constantFrom('is' as const, 'is_not' as const),
      values: fc.subarray(['mobile', 'desktop', 'BG', ''], { minLength: 1 }),
    }),
    { maxLength: 1 },
  ),
  navigations: fc.constantFrom('hard' as const, 'all' as const),
  percentile: fc.constantFrom(50, 75, 95),
  bots: fc.boolean(),
});

describe(`the matrix of a consortium (seed ${SEED})`, () => {
  it('has the figures of each member that may be seen, as the obvious calculation has them', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (by) => {
        const { rows } = (await ask(queryOf(by))).json() as MatrixAnswer;
        expect(rows.map(({ tenant, refusal }) => [tenant, refusal])).toEqual([
          ['umbrella', 'it has no reports of its own'],
          ['bear', null],
          ['crow', null],
        ]);
        MATRIX_CHECKS['/consortium/matrix'](rows.slice(1), SEEN, by);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 120_000);

  it('is written as a file with the same figures, row by row', async () => {
    const { rows } = (await ask(new URLSearchParams())).json() as MatrixAnswer;
    const csv = await ask(new URLSearchParams({ format: 'csv' }));
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="umbrella-matrix-all-2026-10-25-2026-11-22.csv"',
    });
    const [head = '', ...lines] = csv.text.trimEnd().split('\r\n');
    expect(head).toMatch(/^tenant,name,views,passes,lcp_value,.*,ttfb_coverage,refusal$/);
    expect(lines.map((line) => line.split(',').slice(0, 2).join())).toEqual([
      'umbrella,Umbrella',
      'bear,Bear',
      'crow,"Crow',
    ]);
    const written = (await ask(new URLSearchParams({ format: 'ndjson' }))).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(written).toHaveLength(rows.length);
    for (const [index, row] of rows.entries())
      expect(written[index]).toMatchObject({
        tenant: row.tenant,
        name: row.name,
        views: row.views,
        passes: row.passes,
        refusal: row.refusal,
        ...Object.fromEntries(
          row.vitals.flatMap(({ vital, value, samples, shares: shown }) => [
            [`${vital}_value`, value],
            [`${vital}_samples`, samples],
            [`${vital}_poor`, shown?.poor ?? null],
          ]),
        ),
      });
    const parquet = await ask(new URLSearchParams({ format: 'parquet' }));
    expect(parquet.bytes.subarray(0, 4).toString()).toBe('PAR1');
    expect(await readParquet(world.warehouse, parquet.bytes)).toEqual(written);
    expect(written).toMatchObject(linesOf('/consortium/matrix')({ rows } as never));
  });

  it('shows no byte of a member without a relation, in any format', async () => {
    for (const format of ['json', 'csv', 'ndjson', 'parquet']) {
      const text = await readable(world, await ask(new URLSearchParams({ format })));
      expect(text).toMatch(/crow/);
      expect(text).not.toMatch(/deer/i);
    }
    const { rows } = (await ask(new URLSearchParams(), 'deer')).json() as MatrixAnswer;
    expect(rows.map(({ tenant }) => tenant)).toEqual(['deer']);
  });

  it('says what is wrong with a parameter', async () => {
    const refused = await ask(new URLSearchParams({ format: 'xlsx', compare: 'previous' }));
    expect(refused.status).toBe(400);
    const { errors } = refused.json() as { errors: { message: string }[] };
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('the parameter "compare" is not known here'),
      'format: found "xlsx", expected one of json, csv, ndjson, parquet',
    ]);
  });
});
