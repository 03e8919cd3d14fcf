import { VITAL_IDS } from '#vitals';
import { countBuckets } from '../bucket-counts.ts';
import { conditionOf } from '../condition.ts';
import type { SitesAnswer } from '../contract.ts';
import { VITAL_COLUMNS, vitalCells } from '../export-rows.ts';
import { figuresOf, passesOf } from '../figures.ts';
import { report } from '../report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from '../selection.ts';
import { SITES_TABLES } from '../tables/lists.ts';
import { topValues, byValue } from '../top-values.ts';
import { readDays } from './days.ts';
import { readSeen } from './seen.ts';

/** So many sites are shown. Host names come from beacons: a flood of made-up ones must not fill the page. */
const MOST_SITES = 60;

const { site: _one, ...parameters } = SELECTION_PARAMETERS;

/** `GET /reports/sites` */
export const sitesReport = report({
  path: '/reports/sites',
  permission: 'reports.get',
  description:
    'The host names of the organization with their vitals, and a value for each day; those with the most page views first',
  parameters,
  answer: async (asked): Promise<SitesAnswer> => {
    const { views } = asked;
    const selection = await select(asked);
    const period = periodOf(selection);
    const where = conditionOf(selection);
    const [viewed, seen] = await Promise.all([
      topValues(views, period, where, 'hostname', MOST_SITES),
      readSeen(asked),
    ]);
    // A site that was seen before, or by bots alone, is there, too: without page views.
    const hostnames = [...new Set([...viewed, ...[...seen.keys()].toSorted()])].slice(0, MOST_SITES);
    const [counts, days] = await Promise.all([
      countBuckets(views, { period, where, columns: VITAL_IDS, grouping: byValue('hostname', hostnames) }),
      readDays(views, period, where, hostnames, selection.percentile),
    ]);
    return {
      sites: hostnames.map((hostname, index) => {
        const group = index + 1;
        const vitals = VITAL_IDS.map((vital) =>
          figuresOf(vital, counts.distribution(vital, group), counts.views(group), selection.percentile),
        );
        return {
          hostname,
          views: counts.views(group),
          lastBeaconAt: seen.get(hostname) ?? null,
          passes: passesOf(vitals),
          vitals,
          days: days[index] ?? [],
        };
      }),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { hostname: 'text', views: 'whole', last_beacon_at: 'moment', passes: 'flag', ...VITAL_COLUMNS },
  rows: ({ sites }) =>
    sites.map(({ hostname, views, lastBeaconAt, passes, vitals }) => ({
      hostname,
      views,
      last_beacon_at: lastBeaconAt,
      passes,
      ...vitalCells(vitals),
    })),
  tables: SITES_TABLES,
});
