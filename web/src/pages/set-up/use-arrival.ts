import { useEffect, useState } from 'preact/hooks';
import type { LiveAnswer } from '#reports';
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

/** Asks every three seconds for the last half hour of an organization, as long as the page is looked at. */
export const useArrival = (tenant: string): Arrival => {
  const { client } = useApp();
  const [arrival, setArrival] = useState<Arrival>({ kind: 'asking' });
  useEffect(() => {
    const gone = new AbortController();
    let first: string | null | undefined;
    const ask = async (): Promise<void> => {
      const { path, query } = reports.live([]);
      try {
        const live = await client.get<LiveAnswer>(path, { tenant, query, signal: gone.signal });
        first = first === undefined ? live.lastBeaconAt : first;
        const { lastBeaconAt } = live;
        if (lastBeaconAt === null) setArrival({ kind: 'waiting' });
        else setArrival({ kind: 'arrived', live, at: lastBeaconAt, isNew: lastBeaconAt !== first });
      } catch (error) {
        if (!gone.signal.aborted) setArrival({ kind: 'trouble', message: (error as Error).message });
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
  }, [client, tenant]);
  return arrival;
};
