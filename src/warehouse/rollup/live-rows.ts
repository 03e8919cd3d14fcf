import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { PAGE_VIEW_REACH_SECONDS } from '../page-views.ts';
import { ROLLUP_COLUMNS, type RollupColumn } from './columns.ts';
import { liveFills } from './hour-records.ts';
import { momentSql, REACH_HOURS, type RolledHours, secondsOf } from './hours.ts';
import { pageViewRows } from './page-view-rows.ts';

/** Page views to be put together from beacons. */
export interface LiveRows {
  readonly tenantId: TenantId;
  /** The hours before, which are rolled up; null: none is. */
  readonly rolled: RolledHours | null;
  /** When they began, epoch seconds; `to` is exclusive, null: no end. */
  readonly from: number;
  readonly to: number | null;
  /** Default: all. */
  readonly columns?: readonly RollupColumn[];
}

/**
 * A SELECT (not in parentheses) of page views as rows of the roll-up, from beacons. A page that began in a rolled hour and goes on in a live one is left out: it is
 * among the rolled ones.
 */
export const liveRows = ({ tenantId, rolled, from, to, columns = ROLLUP_COLUMNS }: LiveRows): string => {
  const { before: reach, after } = PAGE_VIEW_REACH_SECONDS;
  // While less than a day is rolled up, the pages of the day before are not known from there.
  const before = rolled !== null && rolled.to - rolled.from < REACH_HOURS ? secondsOf(REACH_HOURS) : reach;
  const until = (column: string, end: number): string =>
    to === null ? '' : ` AND ${column} < ${momentSql(end)}`;
  return pageViewRows(
    tenantId,
    {
      where: `received_at >= ${momentSql(Math.max(0, from - before))}${until('received_at', (to ?? 0) + after)}`,
      having: `started_at >= ${momentSql(from)}${until('started_at', to ?? 0)}`,
      ...(rolled === null
        ? {}
        : {
            except: `(SELECT view FROM ${quoteIdentifier(tableNames(tenantId).rollup)} WHERE fill IN ${liveFills(tenantId, rolled.to - REACH_HOURS, rolled.to)})`,
          }),
    },
    columns,
  );
};
