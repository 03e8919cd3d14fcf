import { readFetches } from '#resource-timing';
import type { Resource } from '../contract.ts';

/** So many resources are shown of one page view. */
const MAX_RESOURCES = 1_000;

/** What a beacon tells of resources: `restiming`, and the `servertiming` that it refers to. */
export interface ResourceTexts {
  readonly restiming: string;
  readonly serverTiming: string;
}

/**
 * The resources of a page view from its beacons, by start. Beacons may tell of the same fetch again; it counts once. What cannot be
 * read is left out.
 */
export const resourcesOf = (beacons: readonly ResourceTexts[]): readonly Resource[] => {
  const found = new Map<string, Resource>();
  for (const { restiming, serverTiming } of beacons)
    for (const fetch of readFetches(restiming, serverTiming, MAX_RESOURCES) ?? []) {
      const key = `${fetch.start} ${fetch.end} ${fetch.url}`;
      if (!found.has(key)) found.set(key, fetch);
    }
  return [...found.values()].toSorted((a, b) => a.start - b.start).slice(0, MAX_RESOURCES);
};
