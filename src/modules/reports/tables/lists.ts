import type { LiveAnswer, SitesAnswer } from '../contract.ts';
import { furtherTable } from '../report.ts';

/** What the last half hour says besides its minutes. */
export const LIVE_TABLES = {
  pages: furtherTable({ url: 'text', views: 'whole' }, ({ pages }: LiveAnswer) => pages),
  now: furtherTable({ views: 'whole', last_beacon_at: 'moment' }, ({ views, lastBeaconAt }: LiveAnswer) => [
    { views, last_beacon_at: lastBeaconAt },
  ]),
};

/** What the list of sites says of single days. */
export const SITES_TABLES = {
  days: furtherTable(
    { hostname: 'text', at: 'moment', views: 'whole', lcp: 'number', inp: 'number', cls: 'number' },
    ({ sites }: SitesAnswer) =>
      sites.flatMap(({ hostname, days }) => days.map((day) => ({ hostname, ...day }))),
  ),
};
