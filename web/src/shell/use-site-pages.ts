import { reports } from '../api/reports.ts';
import { valueWords } from '../reports/dimension-words.ts';
import { pageHref } from '../reports/page-links.ts';
import { useSelected } from '../reports/use-selected.ts';
import { useApp } from '../state/app-state.ts';
import { useRequest } from '../state/use-request.ts';
import type { PaletteEntry } from './palette-entries.ts';

/** The busiest of each are found by name. */
const MOST = 100;

/** Page groups and addresses of what the page selects, busiest first; none where the page is not about a site's page views. */
export const useSitePages = (): readonly PaletteEntry[] => {
  const { router } = useApp();
  const selected = useSelected();
  const isOfSite = router.address.value.scope === 'site';
  const ask = (dimension: string) =>
    isOfSite ? reports.breakdown(selected.selection, { dimension, limit: MOST, vitals: 'lcp' }) : null;
  const groups = useRequest(ask('page_group')).data?.rows ?? [];
  const paths = useRequest(ask('url_path')).data?.rows ?? [];
  return [
    ...groups.map(({ value }) => ({
      kind: 'Page group' as const,
      words: valueWords('page_group', value),
      icon: 'pages' as const,
      href: pageHref(selected, 'group', value),
    })),
    ...paths.map(({ value }) => ({
      kind: 'Address' as const,
      words: valueWords('url_path', value),
      icon: 'pages' as const,
      href: pageHref(selected, 'path', value),
    })),
  ];
};
