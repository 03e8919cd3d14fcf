import type { ShareSelection } from '../api/accounts.ts';
import { DEFAULT_VIEW, ENGINES, NAVIGATIONS, type View } from './url.ts';

/**
 * What a share link is held to: filters, and engine and navigations of the view as two more of them, so that the server holds to all.
 */
export const shareSelectionOf = (site: string | null, view: View): ShareSelection => ({
  site,
  from: view.from,
  to: view.to,
  filters: [
    ...view.filters,
    ...(view.engine === 'all' ? [] : [{ dimension: 'engine', op: 'is' as const, values: [view.engine] }]),
    ...(view.navigations === 'all'
      ? []
      : [{ dimension: 'navigation', op: 'is' as const, values: [view.navigations] }]),
  ],
  percentile: view.percentile,
});

/** The view that a share link opens: its engine and navigations as choices, its other filters held by the server. */
export const viewOfShare = ({ from, to, filters, percentile }: ShareSelection): View => {
  // Links of before did not say them.
  const isOld = percentile === undefined;
  const valueOf = (dimension: string): string | undefined => {
    const found = filters.filter((filter) => filter.dimension === dimension && filter.op === 'is');
    return found.find(({ values }) => values.length === 1)?.values[0];
  };
  return {
    ...DEFAULT_VIEW,
    from,
    to,
    engine: ENGINES.find((engine) => engine === valueOf('engine')) ?? (isOld ? DEFAULT_VIEW.engine : 'all'),
    navigations:
      NAVIGATIONS.find((kind) => kind === valueOf('navigation')) ??
      (isOld ? DEFAULT_VIEW.navigations : 'all'),
    percentile: percentile ?? DEFAULT_VIEW.percentile,
  };
};
