import type { Filter } from '#reports';
import type { Query } from '../api/client.ts';
import { useApp } from '../state/app-state.ts';
import { withFilter } from '../state/filter.ts';
import { type Period, periodOf } from '../state/moment.ts';
import { comparedPeriod, selectionOf } from '../state/selection.ts';
import { formatAddress, type View } from '../state/url.ts';

/** What the address selects, ready to be asked, and the ways to change it. */
export interface Selected {
  readonly site: string | null;
  readonly view: View;
  readonly period: Period;
  readonly selection: Query;
  /** The same page views in the period to compare with; null: no comparison. */
  readonly compared: Query | null;
  readonly comparedPeriod: Period | null;
  /** Narrows everything to a value of a dimension. */
  readonly addFilter: (dimension: string, value: string) => void;
  /** The address of another page about the same, perhaps narrowed. */
  readonly hrefOf: (page: string, rest?: readonly string[], filters?: readonly Filter[]) => string;
  /** Narrows the period (epoch ms). */
  readonly zoom: (from: number, to: number) => void;
}

/** The selection of the address; `extraFilters` belong to the page itself (a page's drill-down). */
export const useSelected = (extraFilters: readonly Filter[] = []): Selected => {
  const { router, now } = useApp();
  const address = router.address.value;
  const { site, view } = address;
  const period = periodOf(view.from, view.to, now.value);
  const other = comparedPeriod(view, now.value);
  const narrowed = { ...view, filters: [...view.filters, ...extraFilters] };
  return {
    site,
    view,
    period,
    selection: selectionOf(site, narrowed, now.value),
    compared: other === null ? null : selectionOf(site, narrowed, now.value, other),
    comparedPeriod: other,
    addFilter: (dimension, value) =>
      router.setView({ filters: withFilter(view.filters, { dimension, op: 'is', values: [value] }) }),
    hrefOf: (page, rest = [], filters = view.filters) =>
      formatAddress({ ...address, scope: 'site', page, rest, extra: {}, view: { ...view, filters } }),
    zoom: (from, to) => router.setView({ from: instantOf(from), to: instantOf(to) }),
  };
};

/** A moment of the address: to the minute. */
const instantOf = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;
