import type { LiveAnswer } from './contract.ts';
import { conditionOf } from './condition.ts';
import { readSeen } from './sites/seen.ts';
import { report } from './report.ts';
import { select, SELECTION_PARAMETERS } from './selection.ts';
import { LIVE_TABLES } from './tables/lists.ts';

const MINUTES = 30;
const MINUTE_MS = 60_000;
const MOST_PAGES = 10;

type Row = readonly [minute: number, url: string, views: number];

/** `GET /reports/live` */
export const liveReport = report({
  path: '/reports/live',
  permission: 'reports.get',
  description:
    'Page views of the last 30 minutes by minute and page, of all kinds of navigation, without bots; the current minute is not over',
  parameters: { site: SELECTION_PARAMETERS.site },
  answer: async (asked): Promise<LiveAnswer> => {
    const end = Math.floor(asked.now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    const period = { from: end - MINUTES * MINUTE_MS, to: end };
    const selection = await select(asked, { ...asked.parameters, ...period, navigations: 'all' });
    const where = conditionOf(selection);
    const [rows, seen] = await Promise.all([
      asked.views.read<Row>(
        [period],
        (
          from,
        ) => `SELECT toUnixTimestamp(toStartOfMinute(started_at)) AS minute, concat(hostname, url_path) AS url, count()
          FROM ${from} WHERE ${where.sql} GROUP BY minute, url ORDER BY minute, url`,
        where.parameters,
      ),
      readSeen(asked),
    ]);
    const sites = selection.site === null ? [...seen.keys()] : [selection.site];
    return {
      points: Array.from({ length: MINUTES }, (_, index) => {
        const at = period.from + index * MINUTE_MS;
        return {
          at: new Date(at).toISOString(),
          views: sumOf(rows.filter(([minute]) => minute * 1_000 === at)),
        };
      }),
      views: sumOf(rows),
      pages: pagesOf(rows),
      lastBeaconAt:
        sites
          .map((site) => seen.get(site) ?? '')
          .toSorted()
          .at(-1) || null,
    };
  },
  columns: { at: 'moment', views: 'whole' },
  rows: ({ points }) => points,
  tables: LIVE_TABLES,
});

const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, [, , views]) => sum + views, 0);

const pagesOf = (rows: readonly Row[]): LiveAnswer['pages'] =>
  [...Map.groupBy(rows, ([, url]) => url)]
    .map(([url, own]) => ({ url, views: sumOf(own) }))
    .toSorted((a, b) => b.views - a.views || (a.url < b.url ? -1 : 1))
    .slice(0, MOST_PAGES);
