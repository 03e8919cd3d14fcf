import { scaleOfVital, valueOfBucket, type VitalId } from '#vitals';
import type { Condition } from '../condition.ts';
import type { SitesAnswer } from '../contract.ts';
import type { Period, TenantViews } from '../tenant-views.ts';
import { byValue } from '../top-values.ts';

/** The days of a site, one for each day that the period touches (UTC). */
export type SiteDays = SitesAnswer['sites'][number]['days'];

const DAY_SECONDS = 86_400;
/** Buckets of a scale are fewer. */
const BUCKETS = 1_024;
const VITALS_OF_DAYS = ['lcp', 'inp', 'cls'] as const satisfies readonly VitalId[];

/** Vital, site and day as one number; page views; bucket at the percentile (0: no value). */
type Row = readonly [cell: number, views: number, bucket: number];

/**
 * Page views and percentiles for each day of each of these sites, in their order. The percentile is taken by the warehouse from the counts of each bucket
 * (rank ⌈n·p/100⌉, as `percentileOf`): the counts of all days and sites would be hundreds of thousands of rows.
 */
export const readDays = async (
  views: TenantViews,
  period: Period,
  where: Condition,
  hostnames: readonly string[],
  percentile: number,
): Promise<readonly SiteDays[]> => {
  const first = Math.floor(period.from / 1_000 / DAY_SECONDS);
  const count = Math.ceil(period.to / 1_000 / DAY_SECONDS) - first;
  const site = byValue('hostname', hostnames);
  const groups = (hostnames.length + 1) * count;
  const group = `toUInt32(${site.sql}) * ${count} + intDiv(toUInt32(started_at), ${DAY_SECONDS}) - {first_day:UInt32}`;
  const cells = VITALS_OF_DAYS.map(
    (vital, index) => `toUInt32((${index * groups} + ${group}) * ${BUCKETS} + ${vital})`,
  );
  // One pass over the page views, however many vitals: what is not rolled up yet is made from beacons for each pass.
  const rows = await views.read<Row>(
    [period],
    (from) => `SELECT intDiv(cell, ${BUCKETS}) AS place, sum(n), ${AT_RANK} FROM (
        SELECT arrayJoin([${cells.join(', ')}]) AS cell, count() AS n FROM ${from} WHERE ${where.sql} GROUP BY cell
      ) GROUP BY place`,
    { ...where.parameters, ...site.parameters, first_day: first, percentile },
  );
  const found = new Map(rows.map((row) => [row[0], row]));
  const valueOf = (vital: VitalId, index: number, cellNumber: number): number | null => {
    const bucket = found.get(index * groups + cellNumber)?.[2] ?? 0;
    return bucket === 0 ? null : valueOfBucket(scaleOfVital(vital), bucket);
  };
  return hostnames.map((_, siteIndex) =>
    Array.from({ length: count }, (__, day) => {
      const cellNumber = (siteIndex + 1) * count + day;
      const [lcp = null, inp = null, cls = null] = VITALS_OF_DAYS.map((vital, index) =>
        valueOf(vital, index, cellNumber),
      );
      return {
        at: new Date((first + day) * DAY_SECONDS * 1_000).toISOString(),
        views: found.get(cellNumber)?.[1] ?? 0,
        lcp,
        inp,
        cls,
      };
    }),
  );
};

/** The bucket of the value with the percentile's rank; 0 when all page views are without one. */
const AT_RANK = `arrayFirst(
  (bucket, upTo) -> upTo >= greatest(1, ceil(sumIf(n, cell % ${BUCKETS} > 0) * {percentile:UInt8} / 100)),
  arraySort(groupArrayIf(cell % ${BUCKETS}, cell % ${BUCKETS} > 0)),
  arrayCumSum(arrayMap(x -> x.2, arraySort(groupArrayIf((cell % ${BUCKETS}, n), cell % ${BUCKETS} > 0)))))`;
