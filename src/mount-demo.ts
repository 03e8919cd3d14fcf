import { createDemoSite, readLiveTables } from '#demo';
import type { LoaderWorker } from '#loader';
import type { Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';

const ARCHIVED_ONLY = 'rumbrella_beacons_archived_only_total';

/** Puts the demo site at `/demo/`. */
export const mountDemo = ({ door, log }: AppContext, { client }: Warehouse, loader: LoaderWorker): void => {
  const query = async <Row>(sql: string): Promise<readonly Row[]> => {
    const result = await client.query({ query: sql, format: 'JSONEachRow' });
    return result.json<Row>();
  };
  const archivedOnly = async (): Promise<{ unknown: number; expired: number }> => {
    const metric = (await loader.metricValues()).find(({ name }) => name === ARCHIVED_ONLY);
    const values =
      (metric as { values?: { labels: { folder?: string }; value: number }[] } | undefined)?.values ?? [];
    const of = (folder: string): number => values.find(({ labels }) => labels.folder === folder)?.value ?? 0;
    return { unknown: of('unknown'), expired: of('expired') };
  };
  const site = createDemoSite({
    live: async () => ({ tables: await readLiveTables(query), folders: await archivedOnly() }),
    log: log.child('demo'),
  });
  door.mount('/demo', site);
};
