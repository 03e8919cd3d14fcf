import { createDemoSite, hasDemo, readLiveTables } from '#demo';
import type { Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';

/** Puts the demo site at `/demo/`; it answers as long as the demo's organizations are in the users map. */
export const mountDemo = ({ door, log, registry }: AppContext, { client }: Warehouse): void => {
  const query = async <Row>(sql: string): Promise<readonly Row[]> => {
    const result = await client.query({ query: sql, format: 'JSONEachRow' });
    return result.json<Row>();
  };
  const site = createDemoSite({
    live: async () => ({ tables: await readLiveTables(query) }),
    isThere: () => hasDemo(registry.current().tenants),
    log: log.child('demo'),
  });
  door.mount('/demo', site);
};
