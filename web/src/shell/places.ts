import type { Organization } from '../api/session.ts';
import { entranceOf, isForOrganization, routeOf } from '../routes.ts';
import { type Address, DEFAULT_VIEW, formatAddress } from '../state/url.ts';

/** The same page of another organization with the same view, or where one enters it when it has no such page. */
export const organizationHref = (organization: Organization, from: Address): string => {
  const route = routeOf(from);
  const base = { ...from, org: organization.id, site: null, rest: [], extra: {} };
  if (from.scope === 'nobody' || route === undefined || !isForOrganization(route, organization))
    return entranceHref(organization);
  return formatAddress(base);
};

/** Where one begins in an organization. */
export const entranceHref = (organization: Organization): string =>
  formatAddress({
    org: organization.id,
    site: null,
    rest: [],
    extra: {},
    view: DEFAULT_VIEW,
    ...entranceOf(organization),
  });

/** The same page of another site; from a page that is not about sites, the first page that is. */
export const siteHref = (site: string | null, organization: Organization, from: Address): string => {
  const base = { ...from, org: organization.id, site, rest: [], extra: {} };
  if (from.scope === 'site') return formatAddress(base);
  return formatAddress({ ...base, scope: 'site', page: 'overview' });
};
