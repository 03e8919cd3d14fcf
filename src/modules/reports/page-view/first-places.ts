import type { VitalId } from '#vitals';
import type { Condition } from '../condition.ts';
import type { Period, TenantViews } from '../tenant-views.ts';

/** Whole numbers of 16 bits by which page views are ordered coarsely, those with the greatest first; 0 is not shown. */
export interface Place {
  readonly sql: string;
  /** The condition that a page view has at least the place `{least:UInt16}`, in a form that reads little. */
  readonly isReached: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The bucket of a vital. */
export const slownessOf = (vital: VitalId): Place => ({
  sql: vital,
  isReached: `${vital} >= {least:UInt16}`,
  parameters: {},
});

/** The hour of the period, from 1: those of 800 days are fewer than 65,536. */
export const hourOfPeriod = ({ from }: Period): Place => ({
  sql: 'toUInt16(intDiv(toUInt32(started_at) - {first:UInt32}, 3600) + 1)',
  isReached: "started_at >= toDateTime({first:UInt32} + ({least:UInt16} - 1) * 3600, 'UTC')",
  parameters: { first: Math.floor(from / 1_000) },
});

/**
 * The least place among the first `limit` page views. Ordering them reads all of their columns of all page views; with this, one column of all, and the others
 * of some. (A report over ten million page views, CPU: 315 ms instead of 545 ms.)
 */
export const leastPlace = async (
  views: TenantViews,
  period: Period,
  where: Condition,
  { sql, parameters }: Place,
  limit: number,
): Promise<number> => {
  const rows = await views.read<readonly [place: number, n: number]>(
    [period],
    // Each place has one page view at least.
    (from) => `SELECT ${sql} AS place, count() FROM ${from} WHERE ${where.sql}
      GROUP BY place HAVING place > 0 ORDER BY place DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, ...parameters, limit },
  );
  let found = 0;
  for (const [place, n] of rows) {
    found += n;
    if (found >= limit) return place;
  }
  return 1;
};
