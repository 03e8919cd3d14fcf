import { conditionOf } from '../condition.ts';
import type { SiteNamesAnswer } from '../contract.ts';
import { report } from '../report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from '../selection.ts';
import { readSeen } from './seen.ts';

/** So many sites are named. Host names come from beacons: a flood of made-up ones must not fill the choice. */
const MOST_SITES = 60;

const { site: _one, ...parameters } = SELECTION_PARAMETERS;

type Row = readonly [hostname: string, views: number];

/** `GET /reports/site-names` */
export const siteNamesReport = report({
  path: '/reports/site-names',
  permission: 'reports.get',
  description:
    'The host names of the organization with their page views and nothing else, for a choice of sites; those with the most page views first',
  parameters,
  answer: async (asked): Promise<SiteNamesAnswer> => {
    const { views } = asked;
    const selection = await select(asked);
    const where = conditionOf(selection);
    const [rows, seen] = await Promise.all([
      views.read<Row>(
        [periodOf(selection)],
        (from) =>
          `SELECT hostname, count() AS n FROM ${from} WHERE ${where.sql} GROUP BY hostname ORDER BY n DESC, hostname LIMIT {most:UInt32}`,
        { ...where.parameters, most: MOST_SITES },
      ),
      readSeen(asked),
    ]);
    const viewed = rows.map(([hostname, count]) => ({ hostname, views: count }));
    // A site that was seen before, or by bots alone, is there, too.
    const others = [...seen.keys()]
      .filter((hostname) => !viewed.some((site) => site.hostname === hostname))
      .toSorted()
      .map((hostname) => ({ hostname, views: 0 }));
    return { sites: [...viewed, ...others].slice(0, MOST_SITES) };
  },
  columns: { hostname: 'text', views: 'whole' },
  rows: ({ sites }) => sites,
});
