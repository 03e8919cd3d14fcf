import type { Nav, Route } from '../route.ts';
import { isForOrganization, ROUTES } from '../routes.ts';
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
  const { router, session, organization, access } = useApp();
  const state = session.state.value;
  if (state.kind !== 'signed-in') return [];
  const shown = organization.value ?? state.home;
  const here = router.address.value;
  const { org, site, view } = router.seen.value;
  const address = {
    ...here,
    org: shown.id,
    ...(here.scope !== 'site' && org === shown.id && { site, view }),
  };
  return ROUTES.flatMap((route) => {
    const { nav } = route;
    if (nav === undefined || !isForOrganization(route, shown)) return [];
    // Whoever opened a share link sees charts, and nothing of the organization.
    if (state.account !== 'person' && route.scope !== 'site') return [];
    if (nav.when === 'umbrella' && state.organizations.length === 1) return [];
    // Until it is known what one may do, what not everybody may is left out.
    if (nav.permission !== undefined && (access.me.value === null || !access.may(nav.permission))) return [];
    return [{ route, nav, href: formatAddress(addressOfRoute(route, address)) }];
  });
};

/** The address of a page, as seen from another one. */
const addressOfRoute = (route: Route, from: Address): Address => ({
  ...from,
  scope: route.scope,
  page: route.name,
  rest: [],
  extra: {},
  view: route.bar === 'none' ? DEFAULT_VIEW : from.view,
});
