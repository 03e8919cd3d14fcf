import { reports } from '../api/reports.ts';
import { useApp } from '../state/app-state.ts';
import { useRequest } from '../state/use-request.ts';

/** A site of the organization, with its page views in the last 28 days as far as they are known. */
export interface KnownSite {
  readonly hostname: string;
  readonly views: number | null;
}

/** The sites of the organization of the address: those that sent beacons, and those that the users map names. */
export const useSites = (): readonly KnownSite[] => {
  const { organization } = useApp();
  const shown = organization.value;
  const { data } = useRequest(shown === null || shown.trace === null ? null : reports.siteNames(), 'third');
  const seen: readonly KnownSite[] = data?.sites ?? [];
  const named = (shown?.hostnames ?? []).filter(
    (hostname) => !seen.some((site) => site.hostname === hostname),
  );
  return [...seen, ...named.map((hostname) => ({ hostname, views: null }))];
};
