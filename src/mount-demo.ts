import { join } from 'node:path';
import { readNewest } from '#archive';
import { createDemoSite, hasDemo, type LiveSources, readLive } from '#demo';
import type { Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';

/** So much of the end of a backup folder is looked through for the beacons of a visit; a beacon is about 10 KB there. */
const MOST_ARCHIVED_BYTES = 1_048_576;

/** Puts the demo site at `/demo/`; it answers as long as the demo's organizations are in the users map. */
export const mountDemo = (
  { clock, dataDir, door, log, registry }: AppContext,
  { client }: Warehouse,
): void => {
  const archive = join(dataDir, 'archive');
  const sources: LiveSources = {
    query: async <Row>(sql: string, parameters: Readonly<Record<string, string>> = {}) => {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' });
      return result.json<Row>();
    },
    archived: (folder, containing) =>
      readNewest(archive, folder, clock.now(), { containing, maxBytes: MOST_ARCHIVED_BYTES }),
  };
  const site = createDemoSite({
    live: (visit) => readLive(sources, visit),
    isThere: () => hasDemo(registry.current().tenants),
    log: log.child('demo'),
  });
  door.mount('/demo', site);
};
