import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketOf, DURATION_SCALE, scaleOfVital } from '#vitals';
import { bucketEdges, bucketSql } from '../../src/warehouse/rollup/bucket-sql.ts';
import { startTestWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let world: TestWarehouse;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());

const SQL = { _durations: 'Array(Nullable(UInt32))', _shifts: 'Array(Nullable(Float32))' } as const;

const bucketsInSql = async (
  scale: keyof typeof SQL,
  values: readonly (number | null)[],
): Promise<number[]> => {
  const sql = bucketSql(scale, 'value');
  const rows = await world.rows<{ bucket: number }>(
    `WITH ${bucketEdges(sql).join(', ')} SELECT ${sql} AS bucket FROM (SELECT arrayJoin({values:${SQL[scale]}}) AS value)`,
    { values },
  );
  return rows.map(({ bucket }) => bucket);
};

/** Every edge, and what is next to it. */
const aroundEdges = (edges: readonly number[]): readonly number[] =>
  edges.flatMap((edge) => [Math.max(0, edge - 1), edge, edge + 1]);

describe('buckets in SQL', () => {
  it('are those of the scale of durations', async () => {
    const edges = aroundEdges(DURATION_SCALE.edges);
    expect(await bucketsInSql('_durations', edges)).toEqual(
      edges.map((value) => bucketOf(DURATION_SCALE, value)),
    );
    const duration = fc.option(fc.oneof(fc.nat(10_000), fc.nat(4_294_967_295)), { nil: null });
    await fc.assert(
      fc.asyncProperty(fc.array(duration, { minLength: 1, maxLength: 200 }), async (values) => {
        expect(await bucketsInSql('_durations', values)).toEqual(
          values.map((value) => bucketOf(DURATION_SCALE, value)),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('are those of the scale of layout shifts, for what a Float32 holds', async () => {
    const scale = scaleOfVital('cls');
    const edges = aroundEdges(scale.edges).map((step) => Math.fround(step / scale.stepsPerUnit));
    expect(await bucketsInSql('_shifts', edges)).toEqual(edges.map((value) => bucketOf(scale, value)));
    const shift = fc.option(fc.float({ min: 0, max: 1_000, noNaN: true }), { nil: null });
    await fc.assert(
      fc.asyncProperty(fc.array(shift, { minLength: 1, maxLength: 200 }), async (values) => {
        const known = values.map((value) => (value === null ? null : Math.abs(value)));
        expect(await bucketsInSql('_shifts', known)).toEqual(known.map((value) => bucketOf(scale, value)));
      }),
      { numRuns: 10 },
    );
  });
});
