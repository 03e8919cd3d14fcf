import { useEffect, useState } from 'preact/hooks';
import type { LiveAnswer } from '#reports';
import { ApiError } from '../../api/errors.ts';
import { reports } from '../../api/reports.ts';
import { useApp } from '../../state/app-state.ts';

/** What is known of beacons arriving. */
export type Arrival =
  | { readonly kind: 'asking' }
  | { readonly kind: 'waiting' }
  /** `isNew`: it came while somebody watched. */
  | { readonly kind: 'arrived'; readonly live: LiveAnswer; readonly at: string; readonly isNew: boolean }
  | { readonly kind: 'trouble'; readonly message: string };

const EVERY_MS = 3_000;

/**
 * Asks every three seconds for the last half hour of an organization, or of one site of it, as long as the page is looked at. A site that nobody knows yet is one that
 * is waited for.
 */
export const useArrival = (tenant: string, site: string | null): Arrival => {
  const { client } = useApp();
  const [arrival, setArrival] = useState<Arrival>({ kind: 'asking' });
  useEffect(() => {
    const gone = new AbortController();
    let first: string | null | undefined;
    setArrival({ kind: 'asking' });
    const ask = async (): Promise<void> => {
      const { path, query } = reports.live(site === null ? [] : [['site', site]]);
      try {
        const live = await client.get<LiveAnswer>(path, { tenant, query, signal: gone.signal });
        first = first === undefined ? live.lastBeaconAt : first;
        const { lastBeaconAt } = live;
        if (lastBeaconAt === null) setArrival({ kind: 'waiting' });
        else setArrival({ kind: 'arrived', live, at: lastBeaconAt, isNew: lastBeaconAt !== first });
      } catch (error) {
        if (error instanceof ApiError && error.code === 'SITE_UNKNOWN') {
          first ??= null;
          setArrival({ kind: 'waiting' });
        } else if (!gone.signal.aborted) setArrival({ kind: 'trouble', message: (error as Error).message });
      }
    };
    void ask();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void ask();
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, [client, tenant, site]);
  return arrival;
};
