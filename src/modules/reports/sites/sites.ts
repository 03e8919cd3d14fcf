import { VITAL_IDS } from '#vitals';
import { type Condition, conditionOf } from '../condition.ts';
import type { SitesAnswer } from '../contract.ts';
import { VITAL_COLUMNS, vitalCells } from '../export-rows.ts';
import { figuresOf, passesOf } from '../figures.ts';
import { report } from '../report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from '../selection.ts';
import { SITES_TABLES } from '../tables/lists.ts';
import type { Period, TenantViews } from '../tenant-views.ts';
import { topValues } from '../top-values.ts';
import { readSites, type SiteFigures } from './days.ts';
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
    const seen = await readSeen(asked);
    const question = { period, where, percentile: selection.percentile };
    const known = [...seen.keys()].toSorted();
    const asSeen =
      known.length > MOST_SITES ? null : await readSites(views, { ...question, hostnames: known });
    const hostnames = asSeen?.otherViews === 0 ? known : await commonestSites(views, period, where, known);
    const figures = asSeen?.otherViews === 0 ? asSeen : await readSites(views, { ...question, hostnames });
    return {
      sites: hostnames
        .map((hostname, index) => ({ hostname, site: figures.sites[index] ?? NO_FIGURES }))
        .toSorted((a, b) => b.site.views - a.site.views || (a.hostname < b.hostname ? -1 : 1))
        .map(({ hostname, site }) => {
          const vitals = VITAL_IDS.map((vital) =>
            figuresOf(vital, site.distribution(vital), site.views, selection.percentile),
          );
          return {
            hostname,
            views: site.views,
            lastBeaconAt: seen.get(hostname) ?? null,
            passes: passesOf(vitals),
            vitals,
            days: site.days,
          };
        }),
      source: views.source(figures.hasGenerated),
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

/** When there are too many, or page views of a site whose first beacon has not been noted yet. A site that was seen before, or by bots alone, is there, too. */
const commonestSites = async (
  views: TenantViews,
  period: Period,
  where: Condition,
  known: readonly string[],
): Promise<readonly string[]> => {
  const viewed = await topValues(views, period, where, 'hostname', MOST_SITES);
  return [...new Set([...viewed, ...known])].slice(0, MOST_SITES);
};

const NO_FIGURES: SiteFigures = { views: 0, days: [], distribution: () => [] };
