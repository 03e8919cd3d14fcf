import { ENOUGH_TO_RATE, thresholdBuckets, type VitalId } from '#vitals';
import type { Dimension } from '#warehouse';
import type { BreakdownRow } from './contract.ts';
import type { Condition } from './condition.ts';
import type { Period, TenantViews } from './tenant-views.ts';

/** Which values of a dimension are shown, and in which order. */
export interface Ranking {
  readonly period: Period;
  readonly where: Condition;
  readonly dimension: Dimension;
  readonly order: 'views' | 'impact' | 'value' | 'name';
  readonly direction: 'asc' | 'desc';
  /** For `impact` and `value`. */
  readonly vital: VitalId;
  readonly percentile: number;
  readonly limit: number;
  readonly offset: number;
  /** Only values that hold this text, whatever the case of its letters. */
  readonly search?: string | undefined;
}

/** A page of a ranking. */
export interface RankedPage {
  readonly values: readonly string[];
  /** Values on all pages. */
  readonly totalRows: number;
}

/**
 * Ranks the values of a dimension. By `value`, those with too few page views to be rated come last in either direction: a page that one
 * visitor saw is not the slowest page.
 */
export const rankValues = async (views: TenantViews, ranking: Ranking): Promise<RankedPage> => {
  const { period, where, dimension, order, vital, search = '' } = ranking;
  const read = (limit: number, offset: number) =>
    views.read<readonly [value: string, totalRows: number]>(
      [period],
      (from) => `SELECT value, totalRows FROM (
        SELECT ${dimension} AS value, count() AS n, ${ORDER_SQL[order](vital, ranking.percentile)}, count() OVER () AS totalRows
        FROM ${from} WHERE ${where.sql}${search === '' ? '' : ` AND positionCaseInsensitiveUTF8(${dimension}, {search:String}) > 0`}
        GROUP BY value)
      ORDER BY is_rated DESC, rank ${ranking.direction}, n DESC, value LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      { ...where.parameters, limit, offset, ...(search === '' ? {} : { search }) },
    );
  const rows = await read(ranking.limit, ranking.offset);
  // Behind the last page nothing says how many there are.
  const [first] = rows.length > 0 || ranking.offset === 0 ? rows : await read(1, 0);
  return { values: rows.map(([value]) => value), totalRows: first?.[1] ?? 0 };
};

const ORDER_SQL: Readonly<Record<Ranking['order'], (vital: VitalId, percentile: number) => string>> = {
  views: () => '1 AS is_rated, n AS rank',
  name: () => '1 AS is_rated, value AS rank',
  impact: (vital) =>
    `1 AS is_rated, n * ifNotFinite(countIf(${vital} > ${thresholdBuckets(vital).good}) / countIf(${vital} > 0), 0) AS rank`,
  value: (vital, percentile) =>
    `countIf(${vital} > 0) >= ${ENOUGH_TO_RATE} AS is_rated, quantileTimingIf(${levelOf(percentile)})(${vital}, ${vital} > 0) AS rank`,
};

/**
 * The level at which `quantileTiming` gives the value with rank ⌈n·p/100⌉, as `percentileOf` does. With some thousand values it takes the one behind n·level of
 * them: where n·p/100 is whole, that is one rank too high, so the level is less by so little that it makes no difference else (n up to a hundred million).
 */
const levelOf = (percentile: number): number => percentile / 100 - 1e-10;

/** The same order among rows that are counted already. The first vital of a row is the one that they are ranked by. */
export const rowOrder =
  ({ order, direction }: Pick<Ranking, 'order' | 'direction'>) =>
  (a: BreakdownRow, b: BreakdownRow): number => {
    const sign = direction === 'asc' ? 1 : -1;
    const names = a.value < b.value ? -1 : 1;
    if (order === 'name') return sign * names;
    const [first, second] = [a, b].map((row) => rankOf(row, order)) as [Rank, Rank];
    return (
      Number(second.isRated) - Number(first.isRated) ||
      sign * (first.rank - second.rank) ||
      b.views - a.views ||
      names
    );
  };

interface Rank {
  readonly isRated: boolean;
  readonly rank: number;
}

const rankOf = (row: BreakdownRow, order: 'views' | 'impact' | 'value'): Rank => {
  if (order !== 'value') return { isRated: true, rank: row[order] };
  const [figures] = row.vitals;
  return { isRated: (figures?.samples ?? 0) >= ENOUGH_TO_RATE, rank: figures?.value ?? 0 };
};
