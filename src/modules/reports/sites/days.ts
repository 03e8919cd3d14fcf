import { scaleOfVital, valueOfBucket, type VitalId } from '#vitals';
import type { Condition } from '../condition.ts';
import type { SitesAnswer } from '../contract.ts';
import type { Period, TenantViews } from '../tenant-views.ts';
import { byValue } from '../top-values.ts';

/** The days of a site, one for each day that the period touches (UTC). */
export type SiteDays = SitesAnswer['sites'][number]['days'];

const DAY_SECONDS = 86_400;
const VITALS_OF_DAYS = ['lcp', 'inp', 'cls'] as const satisfies readonly VitalId[];

/** Rows of one vital: site and day as one number, page views, bucket at the percentile (0: no value). */
type Row = readonly [vital: number, cell: number, views: number, bucket: number];

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
  const cell = `toUInt32((${site.sql}) * ${count} + intDiv(toUInt32(started_at), ${DAY_SECONDS}) - {first_day:UInt32})`;
  const rows = await views.read<Row>(
    [period],
    (from) =>
      VITALS_OF_DAYS.map(
        (vital, index) => `SELECT ${index}, intDiv(cell, 1024) AS day, sum(n), ${AT_RANK} FROM (
            SELECT toUInt32(${cell} * 1024 + ${vital}) AS cell, count() AS n FROM ${from} WHERE ${where.sql} GROUP BY cell
          ) GROUP BY day`,
      ).join(' UNION ALL '),
    { ...where.parameters, ...site.parameters, first_day: first, percentile },
  );
  const found = new Map(rows.map((row) => [`${row[0]} ${row[1]}`, row]));
  const valueOf = (vital: VitalId, index: number, cellNumber: number): number | null => {
    const bucket = found.get(`${index} ${cellNumber}`)?.[3] ?? 0;
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
        views: found.get(`0 ${cellNumber}`)?.[2] ?? 0,
        lcp,
        inp,
        cls,
      };
    }),
  );
};

/** The bucket of the value with the percentile's rank; 0 when all page views are without one. */
const AT_RANK = `arrayFirst(
  (bucket, upTo) -> upTo >= greatest(1, ceil(sumIf(n, cell % 1024 > 0) * {percentile:UInt8} / 100)),
  arraySort(groupArrayIf(cell % 1024, cell % 1024 > 0)),
  arrayCumSum(arrayMap(x -> x.2, arraySort(groupArrayIf((cell % 1024, n), cell % 1024 > 0)))))`;
