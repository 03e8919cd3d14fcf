import type { Dimension } from '#warehouse';
import type { Grouping } from './bucket-counts.ts';
import type { Condition } from './condition.ts';
import type { Period, TenantViews } from './tenant-views.ts';

/** The devices that are told apart; the rest is not known. */
export const DEVICES = ['mobile', 'tablet', 'desktop'] as const;

/** The dimensions that have these values and no others, whatever visitors send: so the roll-up makes them. */
export const CLOSED_VALUES: Readonly<Partial<Record<Dimension, readonly string[]>>> = {
  device: [...DEVICES, 'unknown'],
  engine: ['Blink', 'WebKit', 'Gecko', 'other'],
  navigation: ['hard', 'soft', 'bfcache'],
};

/** The values of a dimension with the most page views, most first. */
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
 * The values of a dimension that are groups of their own: its commonest ones, of devices always the same three without asking for them.
 */
export const groupValues = async (
  views: TenantViews,
  period: Period,
  where: Condition,
  dimension: Dimension,
  most: number,
): Promise<readonly string[]> =>
  dimension === 'device' ? DEVICES : topValues(views, period, where, dimension, most);

/** Divides page views by the value of a dimension: its number among `values` from 1, 0 for all others. */
export const byValue = (dimension: Dimension, values: readonly string[], parameter = 'values'): Grouping => ({
  // `indexOf` compares one by one: ten times as slow with fifty values.
  sql:
    values.length === 0
      ? '0'
      : `transform(${dimension}, {${parameter}:Array(String)}, arrayEnumerate({${parameter}:Array(String)}), 0)`,
  groups: values.length + 1,
  parameters: { [parameter]: values },
});
