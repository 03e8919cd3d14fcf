import type { Dimension } from '#warehouse';
import type { Condition } from './condition.ts';
import type { Period, TenantViews } from './tenant-views.ts';

/** The values of a dimension with the most page views, most first, and how many values there are. */
export const topValues = async (
  views: TenantViews,
  period: Period,
  where: Condition,
  dimension: Dimension,
  most: number,
): Promise<readonly string[]> => {
  const rows = await views.read<readonly [value: string, n: number]>(
    [period],
    (from) =>
      `SELECT ${dimension} AS value, count() AS n FROM ${from} WHERE ${where.sql} GROUP BY value ORDER BY n DESC, value LIMIT {most:UInt32}`,
    { ...where.parameters, most },
  );
  return rows.map(([value]) => value);
};

/**
 * Expression for the number of a page view's value among `values`: from 1, 0 for all others.
 */
export const valueNumber = (dimension: Dimension, values: readonly string[], parameter = 'values') => ({
  sql: `indexOf({${parameter}:Array(String)}, ${dimension})`,
  groups: values.length + 1,
  parameters: { [parameter]: values },
});
