import { useApp } from '../state/app-state.ts';
import { createSegments } from '../state/segments.ts';
import { formatAddress } from '../state/url.ts';
import { useNavigation } from './navigation.ts';
import type { PaletteEntry } from './palette-entries.ts';
import { useSitePages } from './use-site-pages.ts';
import { organizationHref, siteHref } from './places.ts';
import { useSites } from './use-sites.ts';

/** Everything one can go to from here: pages of this organization, its sites and segments, the page groups and addresses of the site, other organizations. */
export const usePaletteEntries = (): readonly PaletteEntry[] => {
  const { router, session, organization, storage } = useApp();
  const state = session.state.value;
  const navigation = useNavigation();
  const sites = useSites();
  const sitePages = useSitePages();
  const shown = organization.value;
  if (state.kind !== 'signed-in') return [];
  const address = router.address.value;
  const segments = shown === null ? [] : createSegments(storage, shown.id).list.value;
  return [
    ...navigation.map(({ route, nav, href }) => ({
      kind: 'Page' as const,
      words: route.title,
      icon: nav.icon,
      href,
    })),
    { kind: 'Page', words: 'Help', icon: 'help', href: '/app/help' },
    ...(shown === null || shown.trace === null
      ? []
      : sites.map(({ hostname }) => ({
          kind: 'Site' as const,
          words: hostname,
          icon: 'geography' as const,
          href: siteHref(hostname, shown, address),
        }))),
    ...sitePages,
    ...(address.scope === 'site' ? segments : []).map(({ name, filters }) => ({
      kind: 'Segment' as const,
      words: name,
      icon: 'bookmark' as const,
      href: formatAddress({ ...address, view: { ...address.view, filters } }),
    })),
    ...state.organizations.map((one) => ({
      kind: 'Organization' as const,
      words: one.name,
      icon: 'organizations' as const,
      href: organizationHref(one, address),
    })),
  ];
};
