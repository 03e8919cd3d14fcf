import { type VitalId, VITAL_IDS } from '#vitals';
import { narrowPageViewsSelect, viewHash } from '#warehouse';
import { conditionOf } from '../condition.ts';
import type { PageViewsAnswer } from '../contract.ts';
import { type OwnAccess, ownTables, readOwn } from '../own-tables.ts';
import { oneOf, vitalParameter, wholeNumber } from '../parameters.ts';
import { report } from '../report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from '../selection.ts';
import { hourOfPeriod, leastPlace, slownessOf } from './first-places.ts';
import { type ExactLine, isGenerated, LINE_COLUMNS, lineOf, type SourceLine } from './line.ts';

const MOST = 200;

/** `GET /reports/page-views` */
export const pageViewsReport = report({
  path: '/reports/page-views',
  permission: 'reports.page-views.get',
  description: 'Single page views, the slowest in a vital or the newest',
  parameters: {
    ...SELECTION_PARAMETERS,
    vital: vitalParameter,
    order: oneOf(['slowest', 'newest']).default('slowest'),
    limit: wholeNumber(1, MOST).default(50),
  },
  answer: async (asked): Promise<PageViewsAnswer> => {
    const { vital, order, limit } = asked.parameters;
    const selection = await select(asked);
    const where = conditionOf(selection);
    const isSlowest = order === 'slowest';
    const period = periodOf(selection);
    const place = isSlowest ? slownessOf(vital) : hourOfPeriod(period);
    const least = await leastPlace(asked.views, period, where, place, limit);
    const lines = await asked.views.read<SourceLine>(
      [period],
      (from) => `SELECT ${LINE_COLUMNS} FROM ${from} WHERE ${where.sql} AND ${place.isReached}
        ORDER BY ${isSlowest ? `${vital} DESC, ` : ''}started_at DESC, view LIMIT {limit:UInt32}`,
      { ...where.parameters, ...place.parameters, limit, least },
    );
    const exact = await readExact(asked, lines);
    const views = lines.map((line) => lineOf(line, exact.get(line[0])));
    return {
      selection,
      // Exact values may change the order within a bucket.
      views: isSlowest ? views.toSorted((a, b) => (b.vitals[vital] ?? 0) - (a.vitals[vital] ?? 0)) : views,
      source: asked.views.source(lines.some(isGenerated)),
    };
  },
  columns: {
    id: 'text',
    started_at: 'moment',
    url: 'text',
    device: 'text',
    browser: 'text',
    country: 'text',
    lcp: 'whole',
    inp: 'whole',
    cls: 'number',
    fcp: 'whole',
    ttfb: 'whole',
  },
  rows: ({ views }) =>
    views.map(({ id, startedAt, url, device, browser, country, vitals }) => ({
      id,
      started_at: startedAt,
      url,
      device,
      browser,
      country,
      ...vitals,
    })),
});

type ExactRow = readonly [hash: string, started: number, url: string, ...vitals: readonly (number | null)[]];

/**
 * What the beacons say of these page views, by hash: those that arrived in the hour of the page view and in the one after it. Looking through a whole day
 * after each (`PAGE_VIEW_REACH_SECONDS`) would read most of the table; what is missed shows as a value outside of the bucket.
 */
const readExact = async (
  access: OwnAccess,
  lines: readonly SourceLine[],
): Promise<ReadonlyMap<string, ExactLine>> => {
  if (lines.length === 0) return new Map();
  const hours = new Set(lines.flatMap(([, second]) => [hourOf(second), hourOf(second) + 3_600]));
  const where = `hostname IN {hostnames:Array(String)} AND toUnixTimestamp(toStartOfHour(received_at)) IN {hours:Array(UInt32)}
    AND ${viewHash(ownTables(access.tenant).events, 'received_at')} IN {hashes:Array(UInt64)}`;
  const rows = await readOwn<ExactRow>(
    access,
    () => `SELECT toString(${viewHash('page', 'started_at')}), toUnixTimestamp64Milli(started_at), url, ${EXACT_VITALS.join(', ')}
      FROM (${narrowPageViewsSelect(access.tenant, EXACT_COLUMNS, { where })}) AS page`,
    {
      hostnames: [...new Set(lines.map(([, , hostname]) => hostname))],
      hours: [...hours],
      hashes: lines.map(([hash]) => BigInt(hash)),
    },
  );
  return new Map(
    rows.map(([hash, started, url, ...values]) => [
      hash,
      {
        startedAt: new Date(started).toISOString(),
        url,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from all ids of vitals
        vitals: Object.fromEntries(VITAL_IDS.map((vital, index) => [vital, values[index] ?? null])) as Record<
          VitalId,
          number | null
        >,
      },
    ]),
  );
};

/** In the order of `VITAL_IDS`. */
const EXACT_VITALS = [
  'largest_contentful_paint',
  'inp',
  'cls',
  'first_contentful_paint',
  'first_byte_duration',
] as const;

/** Of a page view. */
const EXACT_COLUMNS = ['started_at', 'url', ...EXACT_VITALS] as const;

const hourOf = (second: number): number => second - (second % 3_600);
