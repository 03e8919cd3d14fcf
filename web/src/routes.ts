import type { Organization } from './api/session.ts';
import type { Route } from './route.ts';
import type { Address } from './state/url.ts';

/**
 * All pages. A new page is one line here and a folder under `pages/`; the line puts it into the navigation, the palette and the help.
 * Pages are loaded when they are first needed.
 */
export const ROUTES: readonly Route[] = [
  {
    scope: 'organization',
    name: 'home',
    title: 'Sites',
    bar: 'none',
    nav: { group: 'Speed', icon: 'home', key: 'h', when: 'reports' },
    load: () =>
      import('./pages/organization-home/organization-home.tsx').then((module) => module.OrganizationHome),
  },
  {
    scope: 'organization',
    name: 'consortium',
    title: 'Members',
    bar: 'period',
    nav: { group: 'Speed', icon: 'consortium', key: 'm', when: 'umbrella' },
    load: () => import('./pages/consortium-home/consortium-home.tsx').then((module) => module.ConsortiumHome),
  },
  {
    scope: 'site',
    name: 'overview',
    title: 'Overview',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'overview', key: 'o', when: 'reports' },
    load: () => import('./pages/overview/overview.tsx').then((module) => module.Overview),
  },
  {
    scope: 'site',
    name: 'pages',
    title: 'Pages',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'pages', key: 'p', when: 'reports' },
    load: () => import('./pages/pages/pages.tsx').then((module) => module.Pages),
  },
  {
    scope: 'site',
    name: 'page',
    title: 'Page',
    bar: 'selection',
    load: () => import('./pages/page-detail/page-detail.tsx').then((module) => module.PageDetail),
  },
  {
    scope: 'site',
    name: 'page-view',
    title: 'Page view',
    bar: 'none',
    load: () => import('./pages/page-view/page-view.tsx').then((module) => module.PageView),
  },
  {
    scope: 'site',
    name: 'distributions',
    title: 'Distributions',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'distributions', key: 'd', when: 'reports' },
    load: () => import('./pages/distributions/distributions.tsx').then((module) => module.Distributions),
  },
  {
    scope: 'site',
    name: 'geography',
    title: 'Geography',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'geography', key: 'w', when: 'reports' },
    load: () => import('./pages/geography/geography.tsx').then((module) => module.Geography),
  },
  {
    scope: 'site',
    name: 'devices',
    title: 'Devices',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'devices', key: 'e', when: 'reports' },
    load: () => import('./pages/devices/devices.tsx').then((module) => module.Devices),
  },
  {
    scope: 'site',
    name: 'compare',
    title: 'Compare',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'compare', key: 'c', when: 'reports' },
    load: () => import('./pages/compare/compare.tsx').then((module) => module.Compare),
  },
  {
    scope: 'site',
    name: 'navigations',
    title: 'Navigations',
    bar: 'selection',
    nav: { group: 'Speed', icon: 'navigations', key: 'v', when: 'reports' },
    load: () => import('./pages/navigations/navigations.tsx').then((module) => module.Navigations),
  },
  {
    scope: 'organization',
    name: 'notes',
    title: 'Notes',
    bar: 'period',
    nav: { group: 'Organization', icon: 'notes', key: 'n', permission: 'notes.annotations.collection.get' },
    load: () => import('./pages/notes/notes.tsx').then((module) => module.Notes),
  },
  {
    scope: 'organization',
    name: 'set-up',
    title: 'Set up',
    bar: 'none',
    nav: { group: 'Organization', icon: 'setup', key: 's', when: 'reports' },
    load: () => import('./pages/set-up/set-up.tsx').then((module) => module.SetUp),
  },
  {
    scope: 'organization',
    name: 'people',
    title: 'People',
    bar: 'none',
    nav: { group: 'Administration', icon: 'people', permission: 'accounts.people.get' },
    load: () => import('./pages/people/people.tsx').then((module) => module.People),
  },
  {
    scope: 'organization',
    name: 'api-keys',
    title: 'API keys',
    bar: 'none',
    nav: { group: 'Administration', icon: 'keyboard', permission: 'accounts.api-keys.get' },
    load: () => import('./pages/api-keys/api-keys.tsx').then((module) => module.ApiKeys),
  },
  {
    scope: 'site',
    name: 'shares',
    title: 'Share links',
    bar: 'selection',
    nav: {
      group: 'Administration',
      icon: 'external',
      when: 'reports',
      permission: 'accounts.shares.get',
    },
    load: () => import('./pages/shares/shares.tsx').then((module) => module.Shares),
  },
  {
    scope: 'organization',
    name: 'relations',
    title: 'Who may act here',
    bar: 'none',
    nav: { group: 'Administration', icon: 'lock', permission: 'organizations.relations.collection.get' },
    load: () => import('./pages/admin/relations/relations.tsx').then((module) => module.Relations),
  },
  {
    scope: 'organization',
    name: 'data',
    title: 'Incoming data',
    bar: 'none',
    nav: {
      group: 'Administration',
      icon: 'health',
      when: 'reports',
      permission: 'organizations.health.get',
    },
    load: () => import('./pages/own-data/own-data.tsx').then((module) => module.OwnData),
  },
  {
    scope: 'organization',
    name: 'activity',
    title: 'Activity',
    bar: 'none',
    nav: { group: 'Administration', icon: 'calendar', permission: 'organizations.audit.get' },
    load: () => import('./pages/admin/activity/activity.tsx').then((module) => module.Activity),
  },
  {
    scope: 'organization',
    name: 'organizations',
    title: 'Organizations',
    bar: 'none',
    nav: {
      group: 'Administration',
      icon: 'organizations',
      permission: 'operations.organizations.collection.get',
    },
    load: () =>
      import('./pages/admin/organizations/organizations.tsx').then((module) => module.Organizations),
  },
  {
    scope: 'organization',
    name: 'data-health',
    title: 'Data health',
    bar: 'none',
    nav: { group: 'Administration', icon: 'health', permission: 'operations.health.get' },
    load: () => import('./pages/admin/data-health/data-health.tsx').then((module) => module.DataHealth),
  },
  {
    scope: 'organization',
    name: 'replay',
    title: 'Replay',
    bar: 'none',
    nav: { group: 'Administration', icon: 'replay', permission: 'operations.replays.collection.get' },
    load: () => import('./pages/admin/replay/replay.tsx').then((module) => module.Replay),
  },
  {
    scope: 'organization',
    name: 'gateway',
    title: 'Modules and routes',
    bar: 'none',
    nav: { group: 'Administration', icon: 'gateway', permission: 'operations.modules.get' },
    load: () => import('./pages/admin/gateway/gateway.tsx').then((module) => module.Gateway),
  },
  {
    scope: 'organization',
    name: 'requests',
    title: 'Requests',
    bar: 'none',
    nav: { group: 'Administration', icon: 'trace', permission: 'operations.requests.collection.get' },
    load: () => import('./pages/admin/requests/requests.tsx').then((module) => module.Requests),
  },
  {
    scope: 'organization',
    name: 'explain',
    title: 'Explain',
    bar: 'none',
    nav: { group: 'Administration', icon: 'explain', permission: 'operations.explain.get' },
    load: () => import('./pages/admin/explain/explain.tsx').then((module) => module.Explain),
  },
  {
    scope: 'nobody',
    name: 'account',
    title: 'Account',
    bar: 'none',
    load: () => import('./pages/account/account.tsx').then((module) => module.Account),
  },
  {
    scope: 'nobody',
    name: 'invitation',
    title: 'Invitation',
    bar: 'none',
    isPublic: true,
    load: () => import('./pages/invitation/invitation.tsx').then((module) => module.InvitationPage),
  },
  {
    scope: 'nobody',
    name: 'share',
    title: 'Shared',
    bar: 'none',
    isPublic: true,
    load: () => import('./pages/share/share.tsx').then((module) => module.SharePage),
  },
  {
    scope: 'nobody',
    name: 'help',
    title: 'Help',
    bar: 'none',
    load: () => import('./pages/help/help.tsx').then((module) => module.Help),
  },
];

/** The page of an address; undefined: there is none. */
export const routeOf = ({ scope, page }: Pick<Address, 'scope' | 'page'>): Route | undefined =>
  ROUTES.find((route) => route.scope === scope && route.name === page);

/** Has the organization this page? */
export const isForOrganization = ({ scope, nav }: Route, organization: Organization): boolean => {
  if (scope === 'site' || nav?.when === 'reports') return organization.trace !== null;
  return nav?.when !== 'umbrella' || organization.isHome;
};

/** The pages that one enters an organization with, best first. */
const ENTRANCES: readonly string[] = ['home', 'overview', 'set-up'];
const UMBRELLA_ENTRANCES: readonly string[] = ['consortium', 'home', 'set-up'];

/** Where one begins in an organization: an umbrella at its members, others at their sites. */
export const entranceOf = (organization: Organization): Pick<Address, 'scope' | 'page'> => {
  const names = organization.trace === null ? UMBRELLA_ENTRANCES : ENTRANCES;
  const route = names
    .map((name) => ROUTES.find((known) => known.name === name))
    .find((found) => found !== undefined);
  return { scope: route?.scope ?? 'organization', page: route?.name ?? 'set-up' };
};
