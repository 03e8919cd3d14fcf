import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Config } from '#config';
import { errorText } from '#core';
import { probeDatabase } from '#database';
import type { Finding } from './finding.ts';

/** Does the warehouse answer, and is the embedded one installed? */
export const examineWarehouse = async ({ clickhouse }: Config): Promise<Finding> => {
  const what = 'warehouse';
  if (clickhouse.url === '') {
    try {
      import.meta.resolve('chdb');
      return { state: 'good', what, found: 'embedded ClickHouse' };
    } catch (error) {
      return {
        state: 'bad',
        what,
        found: `the embedded ClickHouse is not installed: ${errorText(error)}`,
        hint: 'npm ci, or RUMBRELLA_CLICKHOUSE_URL',
      };
    }
  }
  const { url, username, password, database } = clickhouse;
  const client = createClient({
    url,
    username,
    password,
    database,
    request_timeout: 5_000,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
    const [row] = await result.json<{ version: string }>();
    return { state: 'good', what, found: `ClickHouse ${row?.version} at ${url}` };
  } catch (error) {
    return {
      state: 'bad',
      what,
      found: `${url}: ${errorText(error)}`,
      hint: 'beacons are kept in the journal until it answers',
    };
  } finally {
    await client.close();
  }
};

/** Does the control database answer? Nothing is made or changed there. */
export const examineDatabase = async ({ database }: Config): Promise<Finding> => {
  const what = 'control database';
  if (database.url === '') return { state: 'good', what, found: 'SQLite in the data folder' };
  try {
    return { state: 'good', what, found: `PostgreSQL ${await probeDatabase(database.url)}` };
  } catch (error) {
    return {
      state: 'bad',
      what,
      found: errorText(error),
      hint: 'the gateway and the back office wait for it; check RUMBRELLA_DATABASE_URL',
    };
  }
};
