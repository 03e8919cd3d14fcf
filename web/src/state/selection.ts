import { DEFAULT_VIEW, type View } from './url.ts';
import { formatFilter } from './filter.ts';
import { type Period, periodOf } from './moment.ts';

/** Parameters of a request to the reports, in order. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** The selection that a view of a site means, as parameters of `/reports/…`. `now` decides what `-28d` is. */
export const selectionOf = (site: string | null, view: View, now: number, period?: Period): Parameters => {
  const { from, to } = period ?? periodOf(view.from, view.to, now);
  return [
    ...(site === null ? [] : [['site', site] as const]),
    ['from', new Date(from).toISOString()],
    ['to', new Date(to).toISOString()],
    ...view.filters.map((filter) => ['filter', formatFilter(filter)] as const),
    ...(view.engine === 'all' ? [] : [['filter', `engine:is:${view.engine}`] as const]),
    ...(view.navigations === DEFAULT_VIEW.navigations ? [] : [['navigations', view.navigations] as const]),
    ...(view.percentile === DEFAULT_VIEW.percentile
      ? []
      : [['percentile', String(view.percentile)] as const]),
    ...(view.bots ? [['bots', 'with'] as const] : []),
  ];
};

const YEAR_MS = 52 * 7 * 86_400_000;

/** The period to compare with; null: none. A year ago means 52 weeks, so that days of the week meet. */
export const comparedPeriod = (view: View, now: number): Period | null => {
  if (view.compare === 'none') return null;
  if (typeof view.compare === 'object') return periodOf(view.compare.from, view.compare.to, now);
  const { from, to } = periodOf(view.from, view.to, now);
  const shift = view.compare === 'prev' ? to - from : YEAR_MS;
  return { from: from - shift, to: to - shift };
};
