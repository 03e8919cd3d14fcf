import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { ROLLUP_COLUMNS } from './columns.ts';
import type { HourRecords } from './hour-records.ts';
import { momentSql, REACH_HOURS, secondsOf } from './hours.ts';
import { pageViewRows } from './page-view-rows.ts';
import type { Span } from './plan.ts';

/** What making a span needs. */
export interface MakeSpanDeps {
  readonly client: ClickHouseClient;
  readonly records: HourRecords;
  /** Failpoint of tests: between the rows and their record. */
  readonly onRows?: () => Promise<void>;
}

/**
 * Makes the hours of a span: inserts the rows of the page views that began in them, as one new fill for each hour, and then records
 * these fills as those that count. Interrupted at any point, the hours are what they were. `madeAt` (epoch ms) must be later than that
 * of the same hours before. Gives the number of rows. Rejects as the client does.
 */
export const makeSpan = async (
  { client, records, onRows }: MakeSpanDeps,
  tenantId: TenantId,
  span: Span,
  madeAt: number,
): Promise<number> => {
  const columns = ROLLUP_COLUMNS.map(({ name }) => name);
  const result = await client.command({
    query: `INSERT INTO ${quoteIdentifier(tableNames(tenantId).rollup)} (${columns.join(', ')}, fill)
      SELECT ${columns.join(', ')}, bitOr(bitShiftLeft(toUInt64(intDiv(toUInt32(started_at), 3600)), ${MADE_AT_BITS}), toUInt64(${madeAt})) AS fill
      FROM (${spanRows(tenantId, span)})`,
    clickhouse_settings: INSERT_SETTINGS,
  });
  await onRows?.();
  await records.write(
    tenantId,
    span.hours.map(({ hour, beacons }) => ({ hour, fill: fillOf(hour, madeAt), beacons, madeAt })),
  );
  return Number(result.summary?.written_rows ?? 0);
};

/** A fill is its hour and the millisecond in which it was made: 20 and 42 bits. */
const MADE_AT_BITS = 42;

const fillOf = (hour: number, madeAt: number): bigint =>
  (BigInt(hour) << BigInt(MADE_AT_BITS)) | BigInt(madeAt);

/** Fills made before an instant (epoch ms), as a condition. */
export const isMadeBefore = (at: number): string =>
  `bitAnd(fill, ${(1n << BigInt(MADE_AT_BITS)) - 1n}) < ${Math.trunc(at)}`;

/**
 * The rows of the page views that began in the span. Only pages with a beacon in the span can have begun there; of these, those with a
 * beacon in the day before began earlier. Early beacons do not begin a page view, but may describe it.
 */
const spanRows = (tenantId: TenantId, { from, to }: Span): string => {
  const events = quoteIdentifier(tableNames(tenantId).events);
  const at = (hour: number): string => momentSql(secondsOf(hour));
  const inSpan = `received_at >= ${at(from)} AND received_at < ${at(to)}`;
  const pages = `page_id IN (SELECT page_id FROM ${events} WHERE ${inSpan} AND page_id != '')`;
  const key = 'cityHash64(hostname, session_id, page_id)';
  return pageViewRows(tenantId, {
    where: `received_at >= ${at(from - REACH_HOURS)} AND received_at < ${at(to + REACH_HOURS)}
      AND (received_at >= ${at(from)} OR event_type = 'early')
      AND (${pages} OR (page_id = '' AND ${inSpan}))
      AND (page_id = '' OR ${key} NOT IN (SELECT ${key} FROM ${events}
        WHERE received_at >= ${at(from - REACH_HOURS)} AND received_at < ${at(from)} AND event_type != 'early' AND page_id != '' AND ${pages}))`,
    having: `started_at >= ${at(from)} AND started_at < ${at(to)}`,
    sessions: `received_at >= ${at(from)} AND received_at < ${at(to + REACH_HOURS)}`,
  });
};

/** Memory of one statement stays small: large groupings are written to disk, and it leaves a thread to reports. */
const INSERT_SETTINGS = {
  max_memory_usage: '400000000',
  max_bytes_before_external_group_by: '150000000',
  max_partitions_per_insert_block: '0',
  max_threads: 2,
  max_insert_threads: '1',
  insert_distributed_sync: 1,
  wait_end_of_query: 1,
} as const;
