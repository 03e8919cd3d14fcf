import type { Organization } from '../api/session.ts';
import { type Nav, type Route, ROUTES } from '../routes.ts';
import { useApp } from '../state/app-state.ts';
import { type Address, DEFAULT_VIEW, formatAddress } from '../state/url.ts';

/** A page that one can go to from here. */
export interface NavigationEntry {
  readonly route: Route;
  readonly nav: Nav;
  readonly href: string;
}

/** The pages that this organization has, with links that keep site, period and filters where the page has them. */
export const useNavigation = (): readonly NavigationEntry[] => {
  const { router, session, organization } = useApp();
  const state = session.state.value;
  if (state.kind !== 'signed-in') return [];
  const shown = organization.value ?? state.home;
  const address = { ...router.address.value, org: shown.id };
  return ROUTES.flatMap((route) => {
    const { nav } = route;
    if (nav === undefined || !isFor(nav, shown, state.organizations)) return [];
    return [{ route, nav, href: formatAddress(addressOfRoute(route, address)) }];
  });
};

/** The address of a page, as seen from another one. */
export const addressOfRoute = (route: Route, from: Address): Address => ({
  ...from,
  scope: route.scope,
  page: route.name,
  rest: [],
  extra: {},
  view: route.bar === 'none' ? DEFAULT_VIEW : from.view,
});

const isFor = (nav: Nav, shown: Organization, all: readonly Organization[]): boolean => {
  if (nav.when === 'reports') return shown.trace !== null;
  if (nav.when === 'umbrella') return shown.isHome && all.length > 1;
  return true;
};
