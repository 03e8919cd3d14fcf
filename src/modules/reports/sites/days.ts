import { merge, scaleOfVital, valueOfBucket, type Distribution, type VitalId, VITAL_IDS } from '#vitals';
import type { Condition } from '../condition.ts';
import type { SitesAnswer } from '../contract.ts';
import type { Period, TenantViews } from '../tenant-views.ts';
import { byValue } from '../top-values.ts';

/** The days of a site, one for each day that the period touches (UTC). */
type SiteDays = SitesAnswer['sites'][number]['days'];

/** The page views of a site. */
export interface SiteFigures {
  readonly views: number;
  readonly days: SiteDays;
  distribution(vital: VitalId): Distribution;
}

/** The page views of sites. */
export interface SitesFigures {
  /** Of each of the sites that were asked for, in their order. */
  readonly sites: readonly SiteFigures[];
  /** Page views of others. */
  readonly otherViews: number;
  readonly hasGenerated: boolean;
}

/** What is read. */
export interface SitesQuestion {
  readonly period: Period;
  readonly where: Condition;
  readonly hostnames: readonly string[];
  readonly percentile: number;
}

/**
 * Page views of sites, their distributions, and the percentiles of each day, in one pass. The percentile of a day is taken by the warehouse from the counts of
 * each bucket (rank ⌈n·p/100⌉, as `percentileOf`): the counts of all days and sites would be hundreds of thousands of numbers.
 */
export const readSites = async (views: TenantViews, question: SitesQuestion): Promise<SitesFigures> => {
  const rows: SiteRow[] = [];
  for (const span of spansOf(question)) rows.push(...(await readSpan(views, question, span)));
  const [first, end] = daysOf(question.period);
  return {
    sites: question.hostnames.map((_, index) =>
      figuresIn(
        rows.filter(([site]) => site === index + 1),
        first,
        end,
      ),
    ),
    otherViews: rows.reduce((sum, [site, n]) => sum + (site === 0 ? n : 0), 0),
    hasGenerated: rows.some(([, , generated]) => generated > 0),
  };
};

const DAY_SECONDS = 86_400;
/** Buckets of a scale are fewer. */
const BUCKETS = 1_024;
/** Sites × days of one statement: each of them takes 40 KB in the warehouse. */
const MOST_CELLS = 1_000;
const VITALS_OF_DAYS = VITAL_IDS.filter((vital) => ['lcp', 'inp', 'cls'].includes(vital));

/** Number of the site from 1, 0 for all others; its days with page views; for each vital buckets and how many page views each has. */
type SiteRow = readonly [
  site: number,
  views: number,
  generated: number,
  days: readonly DayRow[],
  ...(readonly (readonly number[])[]),
];

/** Days since 1970; page views; the buckets at the percentile (0: no value) of `VITALS_OF_DAYS`. */
type DayRow = readonly [day: number, views: number, ...buckets: readonly number[]];

/** The days that a period touches, since 1970: [first, end). */
const daysOf = ({ from, to }: Period): readonly [first: number, end: number] => [
  Math.floor(from / 1_000 / DAY_SECONDS),
  Math.ceil(to / 1_000 / DAY_SECONDS),
];

/** The period in spans of so many whole days that a statement stays small. */
const spansOf = ({ period, hostnames }: SitesQuestion): readonly Period[] => {
  const [first, end] = daysOf(period);
  const length = Math.max(1, Math.floor(MOST_CELLS / (hostnames.length + 1)));
  return Array.from({ length: Math.ceil((end - first) / length) }, (_, index) => ({
    from: Math.max(period.from, (first + index * length) * DAY_SECONDS * 1_000),
    to: Math.min(period.to, (first + (index + 1) * length) * DAY_SECONDS * 1_000),
  }));
};

const readSpan = (
  views: TenantViews,
  { where, hostnames, percentile }: SitesQuestion,
  span: Period,
): Promise<readonly SiteRow[]> => {
  const [first, end] = daysOf(span);
  const site = byValue('hostname', hostnames);
  const each = (text: (vital: VitalId) => string, vitals: readonly VitalId[] = VITAL_IDS): string =>
    vitals.map(text).join(', ');
  // A lambda would take the sum anew for each element: the rank is made before.
  return views.read<SiteRow>(
    [span],
    (
      from,
    ) => `SELECT site, sum(n), max(generated), groupArray((day, n, ${each((vital) => `at_${vital}`, VITALS_OF_DAYS)})),
        ${each((vital) => `arrayFilter((place, x) -> x > 0, arrayEnumerate(sumForEach(of_${vital}) AS all_${vital}), all_${vital}), arrayFilter(x -> x > 0, all_${vital})`)}
      FROM (
        SELECT intDiv(cell, ${end - first}) AS site, {first_day:UInt32} + cell % ${end - first} AS day, n, generated, ${each((vital) => `of_${vital}`)},
          ${each((vital) => `arrayFirstIndex(x -> x >= rank_${vital}, arrayCumSum(of_${vital})) AS at_${vital}`, VITALS_OF_DAYS)}
        FROM (
          SELECT cell, n, generated, ${each((vital) => `arrayPopFront(counts_${vital}) AS of_${vital}`)},
            ${each((vital) => `greatest(1, ceil(arraySum(of_${vital}) * {percentile:UInt8} / 100)) AS rank_${vital}`, VITALS_OF_DAYS)}
          FROM (
            SELECT toUInt16(toUInt16(${site.sql}) * ${end - first} + intDiv(toUInt32(started_at), ${DAY_SECONDS}) - {first_day:UInt32}) AS cell,
              count() AS n, max(is_generated) AS generated, ${each((vital) => `countResample(0, ${BUCKETS}, 1)(${vital}) AS counts_${vital}`)}
            FROM ${from} WHERE ${where.sql} GROUP BY cell
          )
        )
      ) GROUP BY site`,
    { ...where.parameters, ...site.parameters, first_day: first, percentile },
  );
};

const figuresIn = (rows: readonly SiteRow[], first: number, end: number): SiteFigures => {
  const dayRows = new Map(rows.flatMap(([, , , days]) => days.map((row) => [row[0], row] as const)));
  return {
    views: rows.reduce((sum, [, n]) => sum + n, 0),
    distribution: (vital) => merge(...rows.map((row) => distributionIn(row, VITAL_IDS.indexOf(vital)))),
    days: Array.from({ length: end - first }, (_, index) => {
      const [day, views, ...buckets] = dayRows.get(first + index) ?? [first + index, 0];
      const [lcp = null, inp = null, cls = null] = VITALS_OF_DAYS.map((vital, place) =>
        valueAt(vital, buckets[place] ?? 0),
      );
      return { at: new Date(day * DAY_SECONDS * 1_000).toISOString(), views, lcp, inp, cls };
    }),
  };
};

const valueAt = (vital: VitalId, bucket: number): number | null =>
  bucket === 0 ? null : valueOfBucket(scaleOfVital(vital), bucket);

/** The array of bucket 0 was taken away, so places are buckets. */
const distributionIn = ([, , , , ...arrays]: SiteRow, vital: number): Distribution =>
  (arrays[2 * vital] ?? []).map((bucket, index) => [bucket, arrays[2 * vital + 1]?.[index] ?? 0]);
