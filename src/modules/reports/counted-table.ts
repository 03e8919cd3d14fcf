import type { Distribution } from '#vitals';
import type { BucketColumn } from '#warehouse';

/** Counts by group. */
export interface BucketCounts {
  /** Groups with page views, ascending. */
  readonly groups: readonly number[];
  /** Page views of groups, those without a value included. */
  views(...groups: readonly number[]): number;
  distribution(column: BucketColumn, group: number): Distribution;
  /** Page views made for the demo are among them. */
  readonly hasGenerated: boolean;
}

/** The counts of one column in one group: the buckets (0: no value) and how many page views each has, in any order. */
export interface CountedGroup {
  readonly group: number;
  readonly column: BucketColumn;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** Makes counts of what statements gave; every column has each of the groups, and all page views of it. */
export const countsOf = (counted: readonly CountedGroup[], hasGenerated: boolean): BucketCounts => {
  const views = new Map<number, number>();
  const distributions = new Map<string, Distribution>();
  for (const { group, column, buckets, counts } of counted) {
    const pairs = buckets.map((bucket, index) => [bucket, counts[index] ?? 0] as const);
    views.set(
      group,
      counts.reduce((sum, count) => sum + count, 0),
    );
    distributions.set(
      `${column} ${group}`,
      pairs.filter(([bucket]) => bucket > 0).toSorted(([a], [b]) => a - b),
    );
  }
  return {
    groups: [...views.keys()].toSorted((a, b) => a - b),
    views: (...groups) => groups.reduce((sum, group) => sum + (views.get(group) ?? 0), 0),
    distribution: (column, group) => distributions.get(`${column} ${group}`) ?? [],
    hasGenerated,
  };
};
