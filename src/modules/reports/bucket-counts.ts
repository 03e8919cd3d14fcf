import type { Distribution } from '#vitals';
import type { BucketColumn } from '#warehouse';
import type { Condition } from './condition.ts';
import type { Period, TenantViews } from './tenant-views.ts';

/** What is counted. */
export interface Counting {
  readonly period: Period;
  readonly where: Condition;
  /** Columns with bucket numbers; each is counted apart. */
  readonly columns: readonly BucketColumn[];
  /**
   * Expression for the group of a page view: a whole number from 0, less than `groups`. Below 64 groups, group and bucket are one number of 16 bits,
   * by which the warehouse counts several times as fast as by texts or pairs.
   */
  readonly group?: {
    readonly sql: string;
    readonly groups: number;
    readonly parameters?: Condition['parameters'];
  };
}

/** Counts by group. */
export interface BucketCounts {
  /** Page views of a group, those without a value included. */
  views(group: number): number;
  distribution(column: BucketColumn, group: number): Distribution;
  /** Groups with page views. */
  readonly groups: readonly number[];
  /** Page views made for the demo are among them. */
  readonly hasGenerated: boolean;
}

type Row = readonly [column: number, cell: number, count: number, generated: number];

/** Counts page views by group and bucket in one statement: the one thing from which all figures are made. */
export const countBuckets = async (views: TenantViews, counting: Counting): Promise<BucketCounts> => {
  const { period, where, columns, group } = counting;
  const parameters = { ...where.parameters, ...group?.parameters };
  const rows = await views.read<Row>(
    [period],
    (from) =>
      columns
        .map((column, index) => {
          const cell = cellOf(column, group);
          // One of the branches is enough to know it.
          const generated = index === 0 ? 'max(is_generated)' : '0';
          return `SELECT ${index} AS number, ${cell} AS cell, count() AS n, ${generated} AS generated FROM ${from} WHERE ${where.sql} GROUP BY cell`;
        })
        .join(' UNION ALL '),
    parameters,
  );
  return tableOf(rows, columns);
};

/** Buckets are fewer, so a cell is group · 1,024 + bucket. */
const BITS = 10;

const cellOf = (column: BucketColumn, group: Counting['group']): string => {
  if (group === undefined) return `toUInt16(${column})`;
  const type = group.groups <= 64 ? 'toUInt16' : 'toUInt32';
  return `${type}(${type}(${group.sql}) * ${2 ** BITS} + ${column})`;
};

const tableOf = (rows: readonly Row[], columns: readonly BucketColumn[]): BucketCounts => {
  const counted = new Map<string, [number, number][]>();
  const totals = new Map<number, number>();
  let hasGenerated = false;
  for (const [column, cell, count, generated] of rows) {
    const group = cell >>> BITS;
    const bucket = cell & (2 ** BITS - 1);
    if (column === 0) totals.set(group, (totals.get(group) ?? 0) + count);
    if (generated > 0) hasGenerated = true;
    if (bucket === 0) continue;
    const key = `${columns[column]} ${group}`;
    const distribution = counted.get(key);
    if (distribution === undefined) counted.set(key, [[bucket, count]]);
    else distribution.push([bucket, count]);
  }
  for (const distribution of counted.values()) distribution.sort(([a], [b]) => a - b);
  return {
    views: (group) => totals.get(group) ?? 0,
    distribution: (column, group) => counted.get(`${column} ${group}`) ?? [],
    groups: [...totals.keys()].toSorted((a, b) => a - b),
    hasGenerated,
  };
};
