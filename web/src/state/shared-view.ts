import type { LockedSelection, ShareSelection } from '../api/accounts.ts';
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
  vital: view.vital,
  ...(view.compare !== 'none' && { compare: view.compare }),
  ...(view.bots && { bots: true }),
});

/** The view that a share link opens: its engine and navigations as choices, its other filters held by the server. */
export const viewOfShare = (selection: ShareSelection): View => {
  const { from, to, filters, percentile, vital, compare, bots = false } = selection;
  // Links of before did not say them.
  const isOld = percentile === undefined;
  const valueOf = (dimension: string): string | undefined => valueHeld(filters, dimension);
  return {
    ...DEFAULT_VIEW,
    from,
    to,
    engine: ENGINES.find((engine) => engine === valueOf('engine')) ?? (isOld ? DEFAULT_VIEW.engine : 'all'),
    navigations:
      NAVIGATIONS.find((kind) => kind === valueOf('navigation')) ??
      (isOld ? DEFAULT_VIEW.navigations : 'all'),
    percentile: percentile ?? DEFAULT_VIEW.percentile,
    vital: vital ?? DEFAULT_VIEW.vital,
    compare: compare ?? 'none',
    bots,
  };
};

/** What of a view a lock holds, as the controls show it: period and comparison, whether bots are in it, and engine and navigations where it names one. The rest is free. */
export const heldView = ({ period, compare, filters, bots }: LockedSelection): Partial<View> => {
  const engine = ENGINES.find((one) => one === valueHeld(filters, 'engine'));
  const navigations = NAVIGATIONS.find((one) => one === valueHeld(filters, 'navigation'));
  return {
    ...(period !== null && { from: period.from, to: period.to, compare: compare ?? 'none' }),
    ...(engine !== undefined && { engine }),
    ...(navigations !== undefined && { navigations }),
    ...(bots !== undefined && { bots }),
  };
};

/** The one value to which filters hold a dimension; undefined: none or several. */
export const valueHeld = (filters: ShareSelection['filters'], dimension: string): string | undefined =>
  filters.find((filter) => filter.dimension === dimension && filter.op === 'is' && filter.values.length === 1)
    ?.values[0];
