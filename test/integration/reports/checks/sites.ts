import { expect } from 'vitest';
import { VITAL_IDS } from '#vitals';
import type { SiteNamesAnswer, SitesAnswer } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { wholeSecond } from '../selections.ts';
import { byDimension, percentile, valuesOf } from '../slow.ts';
import { type Check, type Checked, chosen, forAny } from './check.ts';
import { expectFigures, expectNear } from './figures.ts';

/** It describes all sites, and every day of each. */
export const sites: Check = (checked) =>
  forAny([checked.selections], async (any) => {
    const by = { ...any, site: null };
    const answer = await checked.ask<SitesAnswer>('sites', queryOf(by));
    const groups = byDimension(chosen(checked.views, by), 'hostname');
    expect(answer.sites.map(({ hostname, views }) => ({ hostname, views }))).toEqual(
      namesOf(checked, groups),
    );
    for (const { hostname, vitals, days, lastBeaconAt, passes } of answer.sites) {
      const group = groups.get(hostname) ?? [];
      expect(lastBeaconAt).toBe(checked.seen.get(hostname) ?? null);
      for (const [index, id] of VITAL_IDS.entries()) expectFigures(vitals[index], group, id, by.percentile);
      const ratings = vitals
        .filter(({ vital }) => ['lcp', 'inp', 'cls'].includes(vital))
        .map(({ rating }) => rating);
      expect(passes).toBe(ratings.includes(null) ? null : ratings.every((rating) => rating === 'good'));
      expect(days[0]?.at).toBe(`${by.from.slice(0, 10)}T00:00:00.000Z`);
      expect(days.at(-1)?.at.slice(0, 10)).toBe(wholeSecond(Date.parse(by.to) - 1).slice(0, 10));
      expect(days.reduce((sum, { views }) => sum + views, 0)).toBe(group.length);
      for (const day of days) {
        const own = group.filter(
          ({ startedAt }) => wholeSecond(startedAt).slice(0, 10) === day.at.slice(0, 10),
        );
        expect(day.views).toBe(own.length);
        for (const id of ['lcp', 'inp', 'cls'] as const)
          expectNear(id, day[id], percentile(valuesOf(own, id), by.percentile));
      }
    }
  });

/** It names all sites with their page views, and nothing else of them. */
export const siteNames: Check = (checked) =>
  forAny([checked.selections], async (any) => {
    const by = { ...any, site: null };
    const answer = await checked.ask<SiteNamesAnswer>('site-names', queryOf(by));
    expect(answer.sites).toEqual(namesOf(checked, byDimension(chosen(checked.views, by), 'hostname')));
  });

/** Sites with page views, and those that were seen at another time. */
const namesOf = (
  { seen }: Checked,
  groups: ReadonlyMap<string, readonly unknown[]>,
): readonly { readonly hostname: string; readonly views: number }[] =>
  [...new Set([...groups.keys(), ...seen.keys()])]
    .map((hostname) => ({ hostname, views: groups.get(hostname)?.length ?? 0 }))
    .toSorted((a, b) => b.views - a.views || (a.hostname < b.hostname ? -1 : 1));
